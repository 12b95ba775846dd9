/**
 * The life of a job, as data. The CHECK and the guards in SQL, the 409s over HTTP, the buttons
 * in the UI and the diagram in docs/guide/lifecycle.md all read this table: nothing else decides
 * which move is legal. `retry` is the only way out of a settled status.
 */
export const transitions = {
  queued: { claim: 'running', cancel: 'cancelled', expire: 'failed' },
  running: {
    complete: 'completed',
    fail: 'failed',
    cancel: 'cancelled',
    reschedule: 'queued', // after a failed attempt, with backoff; a rescue is one of these
    release: 'queued', // at a shutdown: the attempt is given back
    suspend: 'waiting',
  },
  waiting: { claim: 'running', cancel: 'cancelled', expire: 'failed' },
  completed: {},
  failed: { retry: 'queued' },
  cancelled: { retry: 'queued' },
} as const

export type JobStatus = keyof typeof transitions
export type JobAction = { [S in JobStatus]: keyof (typeof transitions)[S] }[JobStatus]
export type SettledStatus = 'completed' | 'failed' | 'cancelled'

const table: Readonly<Record<JobStatus, Readonly<Partial<Record<JobAction, JobStatus>>>>> =
  transitions

// Marked for bundlers: a browser needs neither this nor the table.
export const jobStatuses: readonly JobStatus[] = /* @__PURE__ */ Object.keys(
  transitions,
) as JobStatus[]

/** The status that `action` leads to, or `undefined` when it is not legal now. */
export function nextStatus(status: JobStatus, action: JobAction): JobStatus | undefined {
  return table[status][action]
}

/** The statuses in which `action` is legal: the guard of its SQL `update`. */
export function statusesAllowing(action: JobAction): JobStatus[] {
  return jobStatuses.filter((status) => action in table[status])
}

/** True once no worker will touch the job again unless a person asks for a retry. */
export function isSettled(status: JobStatus): status is SettledStatus {
  return status === 'completed' || status === 'failed' || status === 'cancelled'
}

export function isJobStatus(value: string): value is JobStatus {
  return Object.hasOwn(transitions, value)
}
