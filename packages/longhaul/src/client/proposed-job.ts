import { fieldAt, type Job } from '../core/index.js'
import type { JobFilter } from '../protocol/index.js'
import type { NewJob } from './job-creator.js'

/** A job as it is shown from the moment it is asked for until the server has answered. Its version is 0. */
export function proposedJob(asked: NewJob): Job {
  const { id, type, input, priority = 0, tags = [], metadata = null, runAt, items = [] } = asked
  const now = new Date().toISOString()
  return {
    id,
    type,
    typeVersion: 1,
    queue: type,
    ownerId: '',
    visibility: 'owner',
    priority,
    input,
    metadata,
    tags,
    parentId: null,
    createdAt: now,
    status: items.length > 0 ? 'waiting' : 'queued',
    version: 0,
    progress: 0,
    stage: items.length > 0 ? `0/${items.length}` : null,
    result: null,
    error: null,
    attempt: 0,
    maxAttempts: 1,
    runAt: runAt ?? now,
    deadlineAt: null,
    cancelRequestedAt: null,
    startedAt: null,
    finishedAt: null,
    expiresAt: null,
  }
}

/** True for a job that was asked for, and that the server has not answered for yet. */
export function isProposed(job: Job): boolean {
  return job.version === 0
}

/**
 * Whether a job that was just asked for belongs to a filter. Everywhere else the server alone
 * evaluates filters; here it does not know of the job yet.
 */
export function isWanted(
  job: Job,
  { status, type, queue, tags = [], input = {}, parent }: JobFilter,
): boolean {
  return (
    (status === undefined || status.includes(job.status)) &&
    (type === undefined || type.includes(job.type)) &&
    (queue === undefined || queue.includes(job.queue)) &&
    parent === undefined && // what is asked for here has none
    tags.every((tag) => job.tags.includes(tag)) &&
    Object.entries(input).every(([path, value]) => fieldAt(job.input, path) === value)
  )
}
