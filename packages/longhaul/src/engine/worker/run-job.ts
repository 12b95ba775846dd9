import type { JobDefinition, Logger } from '../../core/index.js'
import type { ReadItems } from '../batches/batch-items.js'
import type { Offspring } from '../children/spawner.js'
import type { ReadSecret } from '../secrets/read-secret.js'
import { Attempt } from './attempt.js'
import type { Finisher } from './finisher.js'
import type { Pulse } from './pulse.js'
import type { RunningJob } from './running-job.js'
import type { Stored } from './stored.js'
import type { StreamWriter } from './streams/stream-writer.js'

/** What the jobs of a worker share. */
export interface JobServices {
  readonly pulse: Pulse
  readonly streamWriter: StreamWriter
  readonly finisher: Finisher
  readonly offspring: Offspring
  readonly readSecret: ReadSecret
  readonly readItems: ReadItems
  /** How far off a time is, by the one clock that all workers share. */
  msUntil(time: Date, job: RunningJob): Promise<number>
  readonly logger: Logger
  /** How long a handler may take to stop once its attempt is over. */
  readonly stopGraceMs: number
}

export interface RunJob {
  readonly job: RunningJob
  readonly definition: JobDefinition
  readonly stored: Stored
  readonly services: JobServices
}

/**
 * Run one attempt and end it. There is one way out: whatever the handler does, even nothing at all,
 * the attempt ends, its timers are gone, and what a handler left behind still writes changes nothing.
 */
export async function runJob(run: RunJob): Promise<void> {
  const { job, services } = run
  const attempt = new Attempt(run)
  const timeout = stopInTime(run)
  try {
    const outcome = await attempt.outcome()
    await job.writesEnded()
    // A step whose answer said so may have told us only now that the claim is lost.
    if (job.isClosed()) return
    job.close()
    await services.finisher.finish(job, outcome)
    if (attempt.hasStreams()) services.streamWriter.ended(job)
  } finally {
    clearTimeout(timeout)
    attempt.end()
    job.close()
  }
}

/** By the attempt's timeout or the job's deadline, whichever comes first. */
function stopInTime({ job, definition: { timeoutMs } }: RunJob): NodeJS.Timeout {
  const deadlineInMs = job.claimed.deadlineInMs ?? Number.POSITIVE_INFINITY
  const reason = deadlineInMs <= timeoutMs ? 'deadline' : 'timeout'
  return setTimeout(() => job.stop(reason), Math.max(0, Math.min(deadlineInMs, timeoutMs)))
}
