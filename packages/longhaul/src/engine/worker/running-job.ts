import { StopError, type StopReason } from '../../core/index.js'
import type { ClaimedJob } from '../../postgres/index.js'

/** What a worker knows of a job that it runs. */
export interface RunningJob {
  readonly claimed: ClaimedJob
  /** The id under which it was claimed: the worker may have begun anew since. */
  readonly workerId: string
  readonly claimNumber: number
  /** Made when somebody asks for it: most jobs are over before anybody has. */
  readonly signal: AbortSignal
  /** The latest that the handler said. Sent with whatever goes out next. */
  readonly latest: { progress?: number; stage?: string }
  /** Writes that are on their way: the attempt's end goes out after them. */
  readonly openWrites: Set<Promise<void>>
  /** Tell the handler to stop. The first reason stays. */
  stop(reason: StopReason): void
  stopReason(): StopReason | undefined
  /** What the handler is told; absent while it need not stop. */
  stopError(): StopError | undefined
  /** Called when it has to stop, at once if that has been said. @returns how to call it off */
  onStop(listener: () => void): () => void
  /** From here on the handler can change nothing any more. */
  close(): void
  isClosed(): boolean
}

const messages: Record<StopReason, string> = {
  cancelled: 'The job was cancelled.',
  timeout: 'The attempt took longer than its timeout.',
  deadline: 'The job has reached its deadline.',
  shutdown: 'The worker is shutting down; the job is handed back and will be run again.',
  lease_lost: 'This worker lost its lease, and the job is no longer its own.',
}

export function createRunningJob(
  claimed: ClaimedJob,
  { workerId, claimNumber }: { workerId: string; claimNumber: number },
): RunningJob {
  const listeners = new Set<() => void>()
  let controller: AbortController | undefined
  let stopError: StopError | undefined
  let closed = false
  return {
    claimed,
    workerId,
    claimNumber,
    get signal() {
      if (controller === undefined) {
        controller = new AbortController()
        if (stopError !== undefined) controller.abort(stopError)
      }
      return controller.signal
    },
    latest: {},
    openWrites: new Set(),
    stop(why) {
      // Losing the claim outweighs every other reason: nothing may be written any more.
      if (why === 'lease_lost') closed = true
      if (stopError !== undefined && why !== 'lease_lost') return
      const isFirst = stopError === undefined
      stopError = new StopError(why, messages[why])
      controller?.abort(stopError)
      if (isFirst) for (const listener of listeners) listener()
    },
    stopReason: () => stopError?.reason,
    stopError: () => stopError,
    onStop(listener) {
      if (stopError === undefined) listeners.add(listener)
      else listener()
      return () => void listeners.delete(listener)
    },
    close() {
      closed = true
    },
    isClosed: () => closed,
  }
}
