import type { Journal } from './journal.js'
import type { RunJob } from './run-job.js'

/** The handler has been changed since, or goes another way for another reason than its input. */
export function warnOfStepsNotReached({ job, services }: RunJob, journal: Journal): void {
  const steps = journal.notReached()
  if (steps.length === 0) return
  const { tenantId, id: jobId, type } = job.claimed
  services.logger.warn(
    { tenantId, jobId, type, steps },
    'the handler has returned without coming to steps that an earlier attempt has stored',
  )
}
