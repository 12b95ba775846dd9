import type { Job } from '../core/index.js'
import type { JobChange } from '../protocol/index.js'

/**
 * A job with a change applied. Pure, and deaf to what it has heard before, so that a repeated or
 * late frame does no harm. `undefined`: the change is of another job that has the id now, and the
 * whole of it is needed.
 */
export function applyChange(known: Job, change: JobChange): Job | undefined {
  if (known.createdAt !== change.createdAt) return undefined
  if (change.version <= known.version) return known
  const { resultOmitted: _, ...state } = change
  return { ...known, ...state } as Job
}

/** The newer of two states of a job. One that was created at another time is another job. */
export function newerJob(known: Job | undefined, job: Job): Job {
  const isOlder = known?.createdAt === job.createdAt && job.version <= known.version
  return isOlder ? known : job
}
