import { isProposed, isSettled, type Job, type JobStatus } from '../../client/index.js'

/** What a job's status is called on screen: `sending` before the server has answered, `cancelling` until the handler has stopped. */
export type ShownStatus = JobStatus | 'sending' | 'cancelling'

/** The status of a job as people see it: the value of `data-status`. */
export function shownStatus(job: Job): ShownStatus {
  if (isProposed(job)) return 'sending'
  if (job.cancelRequestedAt !== null && !isSettled(job.status)) return 'cancelling'
  return job.status
}
