/** Jobs that no worker starts until somebody lets them go on. What runs goes on, and jobs can still be enqueued. */
export interface Pause {
  readonly queue: string
  /** `tenant`: the caller's tenant's jobs in the queue; `queue`: everybody's. */
  readonly scope: PauseScope
  readonly pausedAt: string
  /** Who it was, in the caller's tenant; whole queues are paused by those who run the app. */
  readonly pausedBy: string | null
}

export type PauseScope = 'tenant' | 'queue'
