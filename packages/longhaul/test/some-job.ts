import type { Job } from '../src/core/index.js'

/** A job as the wire has it, for tests that need no database. */
export function someJob(job: Partial<Job> = {}): Job {
  return {
    id: 'j1',
    type: 'noop',
    typeVersion: 1,
    queue: 'noop',
    ownerId: 'ada',
    visibility: 'owner',
    priority: 0,
    input: {},
    metadata: null,
    tags: [],
    parentId: null,
    createdAt: '2026-11-22T10:00:00.000Z',
    status: 'running',
    version: 1,
    progress: 0,
    stage: null,
    result: null,
    error: null,
    attempt: 1,
    maxAttempts: 5,
    runAt: '2026-11-22T10:00:00.000Z',
    deadlineAt: null,
    cancelRequestedAt: null,
    startedAt: null,
    finishedAt: null,
    expiresAt: null,
    ...job,
  } as Job
}
