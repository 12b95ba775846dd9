import type { JobDefinition } from './define-job.js'
import type { Duration } from './duration.js'
import type { Json, JsonObject } from './json.js'
import type { Schema, SchemaInput, SchemaOutput } from './standard-schema.js'

/** What `defineJob` made, or only its name: then nothing is known of what it takes and gives. */
export type SpawnableJob = string | Pick<JobDefinition, 'type' | 'input' | 'result'>

export type SpawnInput<Job> = Job extends { readonly input: infer I extends Schema }
  ? SchemaInput<I>
  : unknown

export type SpawnResult<Job> = Job extends { readonly result: infer R extends Schema }
  ? SchemaOutput<R>
  : Json

export interface SpawnOptions {
  /** Tells this child from others of its type, as the `key` of a step does. */
  readonly key?: string
  /** Not before this much time has passed. At most five years. */
  readonly delay?: Duration
  /** How long the whole job may take once it is due. Then it fails with `deadline_exceeded`. */
  readonly deadline?: Duration
  /** How long after it is due it may start. Then it fails with `not_started_in_time`. */
  readonly startWithin?: Duration
  /**
   * Among the jobs of one tenant, higher goes first. -1000 to 1000.
   *
   * @defaultValue 0
   */
  readonly priority?: number
  /** As those of a job that is enqueued. */
  readonly tags?: readonly string[]
  readonly metadata?: JsonObject
  /** For the child's handler alone. A child has none of its parent's unless they are given to it here. */
  readonly secrets?: Readonly<Record<string, string>>
}

/** One of the jobs of `spawnAll`. */
export interface SpawnRequest<Job extends SpawnableJob = SpawnableJob> extends SpawnOptions {
  readonly job: Job
  readonly input: SpawnInput<Job>
}

export interface Spawn {
  /**
   * Have another job done, and wait for its result. The child is a job like any other, of the same
   * tenant and owner; while it is waited for, this job holds no worker. It is made once, however
   * often the handler runs, and its result is stored like that of a step.
   *
   * Cancelling this job cancels the child. A person who retries this job retries the child, if it
   * had failed or was cancelled.
   *
   * @throws {ChildFailure} `child_failed`, `child_cancelled`, `child_deleted`
   * @throws {LonghaulError} `unknown_job_type`, `invalid_input`
   */
  <Job extends SpawnableJob>(
    job: Job,
    input: SpawnInput<Job>,
    options?: SpawnOptions,
  ): Promise<SpawnResult<Job>>
}

export interface SpawnAll {
  /**
   * Have many jobs done at the same time, and wait until all have settled. They are made together:
   * all of them or, when one is refused, none. As every child is a step, there can be 1,000.
   *
   * @returns their results, in the order of the list
   * @throws {ChildFailure} the first of the list that did not complete, once all have settled
   */
  <const Jobs extends readonly SpawnableJob[]>(
    requests: readonly [] | { readonly [N in keyof Jobs]: SpawnRequest<Jobs[N]> },
  ): Promise<{ -readonly [N in keyof Jobs]: SpawnResult<Jobs[N]> }>
}
