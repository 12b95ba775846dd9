import type { InputOf, JobTypeName, JsonObject } from '../core/index.js'

export interface CreateJobOptions {
  /** Made here when it is not given, so that asking again after a lost answer makes no second job. */
  readonly id?: string
  readonly idempotencyKey?: string
  readonly priority?: number
  /** RFC 3339 with an offset. */
  readonly runAt?: string
  /** Milliseconds, or text such as '30s'. */
  readonly delay?: number | string
  /** While such a job has not settled, asking for another gives that one: of the type, or of this text. */
  readonly singleton?: true | string
  /** Wait for this long without another request for the same singleton, and run once with the last input. */
  readonly debounce?: number | string
  /** How long the whole job may take once it is due. Then it fails with `deadline_exceeded`. */
  readonly deadline?: number | string
  /** How long after it is due it may start. Then it fails with `not_started_in_time`. */
  readonly startWithin?: number | string
  readonly tags?: readonly string[]
  readonly metadata?: JsonObject
  /** For the handler alone, by name: shown nowhere, and gone when the job has settled. */
  readonly secrets?: Readonly<Record<string, string>>
  /** Jobs for which this one waits: at most 1,000. It is a batch then, and its progress is theirs. */
  readonly items?: readonly BatchItem[]
}

/** One of the jobs for which a batch waits. */
export type BatchItem = {
  readonly [Type in JobTypeName]: Omit<
    CreateJobOptions,
    'id' | 'idempotencyKey' | 'singleton' | 'debounce' | 'items'
  > & { readonly type: Type; readonly input: InputOf<Type> }
}[JobTypeName]

export interface RetryJobOptions {
  /** Those that the job had, which are gone since it has settled: else the answer is `secret_required`. */
  readonly secrets?: Readonly<Record<string, string>>
}
