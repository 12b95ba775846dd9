import type { JobStatus } from 'longhaul'

/** What the proxy calls the states of a request: it had words of its own before its requests were jobs. */
export const requestStatus = {
  queued: 'pending',
  running: 'processing',
  waiting: 'processing',
  completed: 'complete',
  failed: 'error',
  cancelled: 'cancelled',
} as const satisfies Record<JobStatus, string>
