import { createRedactor, type Redactor, StopError, type StopReason } from '../../core/index.js'
import type { ClaimedJob } from '../../postgres/index.js'

const messages: Record<StopReason, string> = {
  cancelled: 'The job was cancelled.',
  timeout: 'The attempt took longer than its timeout.',
  deadline: 'The job has reached its deadline.',
  shutdown: 'The worker is shutting down; the job is handed back and will be run again.',
  lease_lost: 'This worker lost its lease, and the job is no longer its own.',
}

/**
 * What a worker knows of a job that it runs. A class, and what few jobs need is made when it is
 * asked for: a worker makes one of these for every job (docs/adr/0014).
 */
export class RunningJob {
  readonly claimed: ClaimedJob
  /** The id under which it was claimed: the worker may have begun anew since. */
  readonly workerId: string
  readonly claimNumber: number
  /** The latest that the handler said. Sent with whatever goes out next. */
  readonly latest: { progress?: number; stage?: string } = {}
  #controller: AbortController | undefined
  #stopError: StopError | undefined
  #listeners: Set<() => void> | undefined
  #writes: Set<Promise<unknown>> | undefined
  #redactor: Redactor | undefined
  #isClosed = false

  constructor(
    claimed: ClaimedJob,
    { workerId, claimNumber }: { readonly workerId: string; readonly claimNumber: number },
  ) {
    this.claimed = claimed
    this.workerId = workerId
    this.claimNumber = claimNumber
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#stopError !== undefined) this.#controller.abort(this.#stopError)
    }
    return this.#controller.signal
  }

  /** Knows the secrets that the handler has asked for. */
  get redactor(): Redactor {
    return (this.#redactor ??= createRedactor())
  }

  /** A text without them. */
  redact(text: string): string {
    return this.#redactor === undefined ? text : this.#redactor.redact(text)
  }

  /** Tell the handler to stop. The first reason stays. */
  stop(why: StopReason): void {
    // Losing the claim outweighs every other reason: nothing may be written any more.
    if (why === 'lease_lost') this.#isClosed = true
    if (this.#stopError !== undefined && why !== 'lease_lost') return
    const isFirst = this.#stopError === undefined
    this.#stopError = new StopError(why, messages[why])
    this.#controller?.abort(this.#stopError)
    if (isFirst) for (const listener of this.#listeners ?? []) listener()
  }

  stopReason(): StopReason | undefined {
    return this.#stopError?.reason
  }

  /** What the handler is told; absent while it need not stop. */
  stopError(): StopError | undefined {
    return this.#stopError
  }

  /** Called when it has to stop, at once if that has been said. @returns how to call it off */
  onStop(listener: () => void): () => void {
    if (this.#stopError === undefined) (this.#listeners ??= new Set()).add(listener)
    else listener()
    return () => void this.#listeners?.delete(listener)
  }

  /** A write is on its way: the attempt's end goes out after it. */
  async track<T>(write: Promise<T>): Promise<T> {
    const writes = (this.#writes ??= new Set())
    writes.add(write)
    try {
      return await write
    } finally {
      writes.delete(write)
    }
  }

  /** Resolves when the writes that are on their way have been answered. */
  async writesEnded(): Promise<void> {
    if (this.#writes !== undefined) await Promise.allSettled(this.#writes)
  }

  /** From here on the handler can change nothing any more. */
  close(): void {
    this.#isClosed = true
  }

  isClosed(): boolean {
    return this.#isClosed
  }
}
