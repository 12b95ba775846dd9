import { JobFailure } from './job-failure.js'
import type { JobError } from './job.js'

export interface FailedChild {
  readonly childId: string
  readonly childType: string
  /** Why it failed; null when it was cancelled or deleted. */
  readonly error: JobError | null
}

const whatHappened = {
  child_failed: 'failed',
  child_cancelled: 'was cancelled',
  child_deleted: 'was deleted before its result was read',
} as const

export type ChildFailureCode = keyof typeof whatHappened

/**
 * What `spawn` throws when the child did not complete. Not caught, it fails the parent, and not only
 * this attempt of it: the child has used up its own attempts. A person who retries the parent
 * retries the child.
 */
export class ChildFailure extends JobFailure implements FailedChild {
  readonly childId: string
  readonly childType: string
  readonly error: JobError | null

  constructor(code: ChildFailureCode, { childId, childType, error }: FailedChild) {
    const why = error === null ? '' : `: ${error.message}`
    super(
      `The job ${childType} (${childId}) that this one waited for ${whatHappened[code]}${why}`,
      {
        code,
        context: { childId, childType, error: error === null ? null : { ...error } },
        retryable: false,
      },
    )
    this.childId = childId
    this.childType = childType
    this.error = error
  }
}
