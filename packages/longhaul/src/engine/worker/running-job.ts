import { StopError, type StopReason } from '../../core/index.js'
import type { ClaimedJob } from '../../postgres/index.js'

/** What a worker knows of a job that it runs. */
export interface RunningJob {
  readonly claimed: ClaimedJob
  /** The id under which it was claimed: the worker may have begun anew since. */
  readonly workerId: string
  readonly claimNumber: number
  readonly signal: AbortSignal
  /** The latest that the handler said. Sent with whatever goes out next. */
  readonly latest: { progress?: number; stage?: string }
  /** Writes that are on their way: the attempt's end goes out after them. */
  readonly openWrites: Set<Promise<void>>
  /** Tell the handler to stop. The first reason stays. */
  stop(reason: StopReason): void
  stopReason(): StopReason | undefined
  /** From here on the handler can change nothing any more. */
  close(): void
  isClosed(): boolean
}

const messages: Record<StopReason, string> = {
  cancelled: 'The job was cancelled.',
  timeout: 'The attempt took longer than its timeout.',
  shutdown: 'The worker is shutting down; the job is handed back and will be run again.',
  lease_lost: 'This worker lost its lease, and the job is no longer its own.',
}

export function createRunningJob(
  claimed: ClaimedJob,
  { workerId, claimNumber }: { workerId: string; claimNumber: number },
): RunningJob {
  const controller = new AbortController()
  let reason: StopReason | undefined
  let closed = false
  return {
    claimed,
    workerId,
    claimNumber,
    signal: controller.signal,
    latest: {},
    openWrites: new Set(),
    stop(why) {
      // Losing the claim outweighs every other reason: nothing may be written any more.
      if (why === 'lease_lost') closed = true
      if (reason !== undefined && why !== 'lease_lost') return
      reason = why
      controller.abort(new StopError(why, messages[why]))
    },
    stopReason: () => reason,
    close() {
      closed = true
    },
    isClosed: () => closed,
  }
}
