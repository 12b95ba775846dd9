import type { JobStreams } from './job-stream.js'
import type { Logger } from './logger.js'

declare global {
  // Core is compiled without the DOM and without Node, and both declare this name. Here it is only
  // passed on: the members come from whichever of the two the reader's program has.
  // oxlint-disable-next-line typescript/no-empty-object-type
  interface AbortSignal {}
}

/** Options of one step. */
export interface StepContext {
  /**
   * The same for every run of this step of this job: give it to payment and model providers that
   * take idempotency keys, because a step whose result was not yet stored runs again after a crash.
   */
  readonly idempotencyKey: string
}

export interface Step {
  /**
   * Run `work` once and remember its result: when the job is tried again, the stored result comes
   * back and `work` is not called. `work` can run more than once only if the process dies before
   * its result is stored. Results must be JSON.
   *
   * A name used again in a loop is counted: `page`, `page#2`, `page#3`. Once two steps have run at
   * the same time that count is no longer stable, so a repeated name then needs a `key`.
   *
   * @throws {JobFailure} `step_key_required`, `too_many_steps`
   */
  <T>(name: string, work: (context: StepContext) => Promise<T> | T): Promise<T>
  <T>(
    name: string,
    options: { readonly key: string },
    work: (context: StepContext) => Promise<T> | T,
  ): Promise<T>
}

/** What a handler gets. `step` is awaited; `progress`, `stream` and `log` return at once. */
export interface JobContext<Input> {
  readonly input: Input
  readonly job: {
    readonly id: string
    readonly type: string
    readonly tenantId: string
    readonly ownerId: string
    /** Counts from 1. */
    readonly attempt: number
    readonly maxAttempts: number
  }
  readonly step: Step
  /**
   * Say how far the job is: 0 to 100, and what it is doing, in words for its user (at most 200
   * characters). Only the latest value is kept. It never falls within one attempt.
   */
  progress(percent: number, stage?: string): void
  /** Show partial output as it is made: `stream.write(value)`, or `stream('log').write(line)`. */
  readonly stream: JobStreams
  /**
   * Aborts when the job is cancelled, when its attempt takes too long, when the worker shuts down
   * and when the lease is lost. `signal.reason` is a {@link StopReason} error. Hand it to everything that takes one.
   */
  readonly signal: AbortSignal
  readonly log: Logger
}

/** Why a handler was told to stop. */
export type StopReason = 'cancelled' | 'timeout' | 'shutdown' | 'lease_lost'

/** The `signal.reason` of an aborted handler: what `fetch` and others then throw. */
export class StopError extends Error {
  override readonly name = 'AbortError'
  readonly reason: StopReason

  constructor(reason: StopReason, message: string) {
    super(message)
    this.reason = reason
  }
}
