import type { Duration } from './duration.js'
import type { JobItems } from './job-items.js'
import type { JobSecrets } from './job-secrets.js'
import type { JobStreams } from './job-stream.js'
import type { Json } from './json.js'
import type { Logger } from './logger.js'
import type { Spawn, SpawnAll } from './spawn.js'
import type { Schema, SchemaOutput } from './standard-schema.js'
import type { Transactions } from './transaction.js'

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
  /** Aborts when the job has to stop, and when this run takes longer than the step's `timeout`. */
  readonly signal: AbortSignal
}

export interface StepOptions {
  /** Tells this step from others of its name. */
  readonly key?: string
  /**
   * Run a step that failed again, in place, before the whole attempt fails. Not after it has
   * written to a stream: that is taken back by the job's next attempt.
   */
  readonly retry?: {
    /**
     * How often it is run at most, the first time included. 1 to 100.
     *
     * @defaultValue 1
     */
    readonly attempts?: number
    /**
     * The longest wait after the first failure. It doubles with every further failure, and each
     * wait is drawn at random from zero up to it.
     *
     * @defaultValue '1s'
     */
    readonly minDelay?: Duration
    /** @defaultValue '1m' */
    readonly maxDelay?: Duration
  }
  /**
   * How long one run of it may take. Then its signal aborts, and it fails with `step_timeout`.
   *
   * @defaultValue no limit but the attempt's
   */
  readonly timeout?: Duration
}

export interface TransactionalStepOptions<Client> extends StepOptions {
  /**
   * Run the step in a transaction of the app's own: what `work` writes with the client that it gets, and the
   * step's result, are committed together, or neither is. Also when the process dies, and when this
   * worker has lost the job meanwhile.
   */
  readonly transaction: Transactions<Client>
}

export interface Step {
  /**
   * Run `work` once, in a transaction of the app's own that also stores its result.
   *
   * @throws {LonghaulError} `wrong_database` when the transaction is not on the database that Longhaul uses
   * @example
   * await step('save', { transaction: fromPg(pool) }, (client) => savePlaces(client, places))
   */
  <T, Client>(
    name: string,
    options: TransactionalStepOptions<Client>,
    work: (client: Client, context: StepContext) => Promise<T> | T,
  ): Promise<T>
  /**
   * Run `work` once and remember its result: when the job is tried again, the stored result comes
   * back and `work` is not called. `work` can run more than once only if the process dies before
   * its result is stored. Results must be JSON.
   *
   * A name used again in a loop is counted: `page`, `page#2`, `page#3`. Once two steps have run at
   * the same time that count is no longer stable, so a repeated name then needs a `key`.
   *
   * @throws {JobFailure} `step_key_required`, `step_mismatch`, `too_many_steps`, `step_timeout`
   */
  <T>(name: string, work: (context: StepContext) => Promise<T> | T): Promise<T>
  <T>(
    name: string,
    options: StepOptions,
    work: (context: StepContext) => Promise<T> | T,
  ): Promise<T>
}

export interface SleepOptions {
  /** Tells this wait from others of its name, as the `key` of a step does. */
  readonly key?: string
}

export interface WaitForSignalOptions extends SleepOptions {
  /**
   * How long to wait.
   *
   * @defaultValue for ever
   */
  readonly timeout?: Duration
}

export interface WaitForSignal {
  /**
   * Wait for a signal that somebody sends to this job: an approval, a callback, any JSON. One that
   * was sent before the handler came here counts. Each signal is received once, by the first wait
   * of its name, and is stored like a step's result. A job that waits holds no worker.
   *
   * @returns what was sent; `undefined` when nobody did within `timeout`
   */
  (name: string, options?: WaitForSignalOptions): Promise<Json | undefined>
  /** A signal that the schema refuses is dropped with a warning, and the wait goes on. */
  <S extends Schema>(
    name: string,
    options: WaitForSignalOptions & { readonly schema: S },
  ): Promise<SchemaOutput<S> | undefined>
}

/**
 * What a handler gets. `step` is awaited; `progress`, `stream` and `log` return at once. Each part is
 * made when it is read: take the context apart or pass it on whole, but do not copy it with a spread.
 */
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
  /** What was given with the job for this handler alone: `await secrets.get('openai')`. */
  readonly secrets: JobSecrets
  /**
   * Wait. The end of the wait is stored, so a crash or a deploy does not begin it anew. A job that
   * waits for longer than a second, while no step of it runs, is `waiting` and holds no worker: its
   * handler is left where it is, and begins again at the top when the time has come, with the
   * results of all finished steps.
   *
   * @throws {LonghaulError} `invalid_configuration` when it is no duration of at most five years
   */
  sleep(duration: Duration, options?: SleepOptions): Promise<void>
  /** Wait until a time, given as a Date or in RFC 3339 with an offset. One that has passed is no wait. */
  sleepUntil(time: Date | string, options?: SleepOptions): Promise<void>
  readonly waitForSignal: WaitForSignal
  readonly spawn: Spawn
  readonly spawnAll: SpawnAll
  /** The jobs for which this one has waited, if it was enqueued with `items`, and what has become of them. */
  readonly items: JobItems
  /**
   * Say how far the job is: 0 to 100, and what it is doing, in words for its user (at most 200
   * characters). Only the latest value is kept. It never falls within one attempt.
   */
  progress(percent: number, stage?: string): void
  /** Show partial output as it is made: `stream.write(value)`, or `stream('log').write(line)`. */
  readonly stream: JobStreams
  /**
   * Aborts when the job is cancelled, when its attempt takes too long, when its deadline has come,
   * when the worker shuts down and when the lease is lost. `signal.reason` is a {@link StopReason} error. Hand it to everything that takes one.
   */
  readonly signal: AbortSignal
  readonly log: Logger
}

/** Why a handler was told to stop. */
export type StopReason = 'cancelled' | 'timeout' | 'deadline' | 'shutdown' | 'lease_lost'

/** The `signal.reason` of an aborted handler: what `fetch` and others then throw. */
export class StopError extends Error {
  override readonly name = 'AbortError'
  readonly reason: StopReason

  constructor(reason: StopReason, message: string) {
    super(message)
    this.reason = reason
  }
}
