import type { Backoff } from './backoff.js'
import type { CancelContext } from './cancel-context.js'
import { type Duration, parseDuration } from './duration.js'
import { LonghaulError } from './errors.js'
import type { JobContext } from './job-context.js'
import type { SettledStatus } from './job-status.js'
import { limits } from './limits.js'
import { parseFilterBy } from './input-fields.js'
import { isName } from './names.js'
import type { Visibility } from './principal.js'
import { parseLimits, type PerLane, type QueueLimits, type Rate } from './queue-limits.js'
import type { Schema, SchemaOutput } from './standard-schema.js'
import { wholeNumber } from './whole-number.js'

export interface JobOptions<I extends Schema, R extends Schema> {
  /** Checked when the job is enqueued; the handler gets the schema's output. */
  readonly input: I
  /** Checked when the handler returns; a result that does not match fails the job with `invalid_result`. */
  readonly result: R
  /**
   * The handler's version. A worker claims only the versions that it defines, so a new version
   * and the old one can run side by side during a deploy.
   *
   * @defaultValue 1
   */
  readonly version?: number
  /** @defaultValue 'owner' */
  readonly visibility?: Visibility
  /**
   * The line in which these jobs wait.
   *
   * @defaultValue the job type's name
   */
  readonly queue?: string
  readonly retry?: {
    /**
     * How often the job is tried before it fails for good: the first time included, and
     * attempts that ended because the process died. 1 to 1000.
     *
     * @defaultValue 5
     */
    readonly attempts?: number
    /**
     * The longest wait after the first failure. It doubles with every further failure, and each
     * wait is drawn at random from zero up to it.
     *
     * @defaultValue '2s'
     */
    readonly minDelay?: Duration
    /** @defaultValue '5m' */
    readonly maxDelay?: Duration
  }
  /**
   * How long one attempt may take. Then its signal aborts, and the attempt fails with `timeout`.
   *
   * @defaultValue '15m'
   */
  readonly timeout?: Duration
  /**
   * How long the whole job may take, from when it is due: all attempts, the time between them and its
   * waits. Then its handler is stopped, and it fails with `deadline_exceeded`. What it has spawned has
   * the same deadline.
   *
   * @defaultValue no deadline
   */
  readonly deadline?: Duration
  /**
   * How long after it is due the job may start. One that no worker has taken by then fails with
   * `not_started_in_time`: for work that is of no use later.
   *
   * @defaultValue no limit
   */
  readonly startWithin?: Duration
  /**
   * How long a settled job is kept, one for all or one for each way to settle. What an object
   * leaves out is `'24h'`.
   *
   * @defaultValue '24h'
   */
  readonly expiresAfter?: Duration | { readonly [Status in SettledStatus]?: Duration }
  /**
   * How long a handler may take to stop once its job was cancelled. Then the job is settled
   * without it, and what it still writes changes nothing.
   *
   * @defaultValue '10s'
   */
  readonly cancelGrace?: Duration
  /**
   * How many jobs of the queue run at once, over all workers: of all, of one tenant, of one key.
   * Job types that share a queue have the same limits.
   *
   * @defaultValue no limits
   */
  readonly concurrency?: PerLane<number>
  /**
   * How many jobs of the queue start in a time: `{ perTenant: { limit: 100, per: '1m' } }`. So many
   * may start at once, and then evenly; each attempt counts, and each time that a job goes on after a wait.
   *
   * @defaultValue no limits
   */
  readonly rate?: PerLane<Rate>
  /**
   * What of its tenant the job is about, such as a document's id: limits per key hold for the jobs
   * that have the same. Keys take turns. A job without a key is under no limit per key.
   */
  key?(input: SchemaOutput<I>): string | undefined
  /**
   * Fields of the input by which jobs can be found: `['contactId', 'contact.country']`. Only these, at
   * most 8, and only while their values are texts of at most 256 bytes, numbers, booleans or null.
   * Jobs that were enqueued before a field was named are not found by it.
   *
   * @defaultValue none
   */
  readonly filterBy?: readonly string[]
  /**
   * Clean up after a job that was cancelled when it had begun: what its finished steps have left in
   * other systems. Not for a job that no worker has had. It runs at least once, also when a process
   * dies in between, once the handler has stopped or has been left behind; the job is `cancelled` by
   * then. One that fails is run again, as often as `retry` says. A retry of the job calls a clean-up
   * off that has not begun, and waits for one that has.
   */
  onCancel?(context: CancelContext<SchemaOutput<I>>): Promise<void> | void
  /**
   * How long one run of `onCancel` may take. Then its signal aborts, and the run fails. At most an hour.
   *
   * @defaultValue '30s'
   */
  readonly cancelTimeout?: Duration
  /** The work. Code outside steps runs again on every attempt. */
  run(context: JobContext<SchemaOutput<I>>): Promise<SchemaOutput<R>> | SchemaOutput<R>
}

/** What can be done: made by `defineJob`, given to `createLonghaul`. */
export interface JobDefinition<
  Type extends string = string,
  I extends Schema = Schema,
  R extends Schema = Schema,
> {
  readonly type: Type
  readonly version: number
  readonly input: I
  readonly result: R
  readonly visibility: Visibility
  readonly queue: string
  readonly attempts: number
  readonly backoff: Backoff
  readonly timeoutMs: number
  readonly deadlineMs: number | undefined
  readonly startWithinMs: number | undefined
  readonly expiresAfterMs: { readonly [Status in SettledStatus]: number }
  readonly cancelGraceMs: number
  readonly limits: QueueLimits | undefined
  /** Fields of the input by which jobs can be found. */
  readonly filterBy: readonly string[]
  /** What its tenant's job is about. */
  keyOf(input: SchemaOutput<I>): string | undefined
  readonly cancelTimeoutMs: number
  // Methods and not properties, so that a definition of some input is a JobDefinition of any.
  run(context: JobContext<SchemaOutput<I>>): Promise<SchemaOutput<R>> | SchemaOutput<R>
  onCancel?(context: CancelContext<SchemaOutput<I>>): Promise<void> | void
}

/**
 * Define a type of job: its name, schemas, policy and handler.
 *
 * @throws {LonghaulError} `invalid_configuration` when a name or an option is out of its range.
 * @example
 * export const summarise = defineJob('summarise', {
 *   input: z.object({ url: z.url() }),
 *   result: z.object({ summary: z.string() }),
 *   async run({ input, step, signal }) {
 *     const text = await step('fetch', () => fetchText(input.url, { signal }))
 *     return { summary: await step('write', () => write(text, { signal })) }
 *   },
 * })
 */
export function defineJob<const Type extends string, I extends Schema, R extends Schema>(
  type: Type,
  options: JobOptions<I, R>,
): JobDefinition<Type, I, R> {
  const { version = 1, visibility = 'owner', queue = type, retry = {} } = options
  checkName('The job type', type)
  checkName(`The queue of ${type}`, queue)
  return {
    type,
    version: wholeNumber(`${type}: version`, version, 1, 1_000_000),
    input: options.input,
    result: options.result,
    visibility,
    queue,
    attempts: wholeNumber(`${type}: retry.attempts`, retry.attempts ?? 5, 1, limits.attempts),
    backoff: {
      baseMs: parseDuration(`${type}: retry.minDelay`, retry.minDelay ?? '2s'),
      maxMs: parseDuration(`${type}: retry.maxDelay`, retry.maxDelay ?? '5m'),
    },
    timeoutMs: parseDuration(`${type}: timeout`, options.timeout ?? '15m', {
      min: 1,
      max: 24 * 86_400_000, // the longest that a timer of JavaScript can wait is 24.8 days
    }),
    deadlineMs: parseTimeLimit(`${type}: deadline`, options.deadline),
    startWithinMs: parseTimeLimit(`${type}: startWithin`, options.startWithin),
    expiresAfterMs: parseRetention(type, options.expiresAfter),
    cancelGraceMs: parseDuration(`${type}: cancelGrace`, options.cancelGrace ?? '10s'),
    cancelTimeoutMs: parseDuration(`${type}: cancelTimeout`, options.cancelTimeout ?? '30s', {
      min: 1,
      max: 3_600_000,
    }),
    limits: parseLimits(type, options),
    filterBy: parseFilterBy(type, options.filterBy),
    keyOf: (input) => options.key?.(input),
    run: (context) => options.run(context),
    ...(options.onCancel === undefined
      ? {}
      : { onCancel: (context) => options.onCancel?.(context) }),
  }
}

function parseTimeLimit(name: string, limit: Duration | undefined): number | undefined {
  return limit === undefined
    ? undefined
    : parseDuration(name, limit, { min: 1, max: limits.delayMs })
}

function checkName(what: string, name: string): void {
  if (isName(name)) return
  throw new LonghaulError(
    'invalid_configuration',
    `${what} is called ${JSON.stringify(name)}. Use 1 to 64 of a-z, 0-9, ".", "_" and "-", and begin with a letter or digit.`,
  )
}

function parseRetention(
  type: string,
  given: JobOptions<Schema, Schema>['expiresAfter'] = {},
): JobDefinition['expiresAfterMs'] {
  const of = (status: SettledStatus): number =>
    typeof given === 'object'
      ? parseDuration(`${type}: expiresAfter.${status}`, given[status] ?? '24h')
      : parseDuration(`${type}: expiresAfter`, given)
  return { completed: of('completed'), failed: of('failed'), cancelled: of('cancelled') }
}
