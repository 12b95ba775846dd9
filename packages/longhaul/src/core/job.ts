import type { JobStatus } from './job-status.js'
import type { Json, JsonObject } from './json.js'
import type { Visibility } from './principal.js'

/** Why a job failed, as data. Written by the handler's error, or by the engine. */
export interface JobError {
  /** The handler's own code, or one of the engine's: `handler_error`, `timeout`, `attempts_exhausted`, `invalid_result`, … */
  readonly code: string
  readonly message: string
  readonly context: Json
  /** Whether another attempt could have helped. */
  readonly retryable: boolean
}

/** What stays as it was when the job was made. */
export interface JobIdentity<Input = unknown> {
  readonly id: string
  readonly type: string
  readonly typeVersion: number
  readonly queue: string
  readonly ownerId: string
  readonly visibility: Visibility
  readonly priority: number
  readonly input: Input
  readonly metadata: JsonObject | null
  readonly tags: readonly string[]
  readonly parentId: string | null
  /** RFC 3339, UTC, to the millisecond, like all times on the wire. */
  readonly createdAt: string
}

/** What changes while the job lives: what a frame carries once the reader knows the rest. */
export interface JobState<Result = unknown> {
  readonly status: JobStatus
  /** Grows by one with every visible change, under the row's lock. */
  readonly version: number
  /** 0 to 100; never falls within one attempt. */
  readonly progress: number
  readonly stage: string | null
  readonly result: Result | null
  readonly error: JobError | null
  readonly attempt: number
  readonly maxAttempts: number
  readonly runAt: string
  /** When it fails unless it has settled. Settled jobs have none. */
  readonly deadlineAt: string | null
  readonly cancelRequestedAt: string | null
  readonly startedAt: string | null
  readonly finishedAt: string | null
  /** When retention removes it. Only settled jobs have one. */
  readonly expiresAt: string | null
}

interface Outcomes<Result> {
  queued: { readonly result: null; readonly error: null }
  running: { readonly result: null; readonly error: null }
  waiting: { readonly result: null; readonly error: null }
  completed: { readonly result: Result; readonly error: null }
  failed: { readonly result: null; readonly error: JobError }
  cancelled: { readonly result: null; readonly error: null }
}

/** A job as every API shows it. Discriminated by `status`, so that `completed` implies `result`. */
export type Job<Input = unknown, Result = unknown> = {
  [S in JobStatus]: JobIdentity<Input> &
    JobState<Result> & { readonly status: S } & Outcomes<Result>[S]
}[JobStatus]

/** The names of what changes: what `asChange` sends and `applyChange` takes. */
export const jobStateFields: readonly (keyof JobState)[] = [
  'status',
  'version',
  'progress',
  'stage',
  'result',
  'error',
  'attempt',
  'maxAttempts',
  'runAt',
  'deadlineAt',
  'cancelRequestedAt',
  'startedAt',
  'finishedAt',
  'expiresAt',
]

/** `step`: a function that runs once; `sleep` and `signal`: a wait; `child`: another job. */
export type StepKind = 'step' | 'sleep' | 'signal' | 'child'

/** One stored or running step of a job. */
export interface JobStep {
  /** The step's name, with `#2`, `#3`, … when the name was used again. */
  readonly key: string
  readonly status: 'running' | 'completed' | 'failed'
  /** How often its function was called, over all attempts. A completed step is never called again. */
  readonly runs: number
  /** The attempt of the job that ran it last. */
  readonly attempt: number
  readonly error: JobError | null
  readonly startedAt: string
  readonly finishedAt: string | null
  readonly kind: StepKind
  /** When a sleep, or the wait for a signal, ends by itself. */
  readonly wakesAt: string | null
  /** The job that a step of kind `child` waits for. */
  readonly childId: string | null
}

/** One failed attempt. */
export interface JobAttempt {
  readonly attempt: number
  readonly workerId: string | null
  readonly error: JobError
  readonly failedAt: string
}

/** One request to cancel: a record of its own, also when it came too late to matter. */
export interface Cancellation {
  readonly id: string
  readonly requestedBy: string
  readonly reason: string | null
  readonly metadata: JsonObject | null
  readonly status: 'pending' | 'processed'
  readonly requestedAt: string
  readonly processedAt: string | null
}
