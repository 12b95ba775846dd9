import type {
  Cancellation,
  Job,
  JobAttempt,
  JobStatus,
  JobStep,
  Json,
  JsonObject,
  OpenTransaction,
  Principal,
  WaitingFor,
} from '../core/index.js'
import type { JobDuration, JobSelection, PagePosition, PgClient } from '../postgres/index.js'
import type { BatchItem } from './batches/as-batch.js'
import type { BulkAnswer, BulkRequest, RetryManyAnswer } from './bulk.js'
import type { EnqueueOptions } from './enqueue/enqueue-options.js'
import type { Enqueued } from './enqueue/enqueue-answer.js'
import type { Secrets } from './secrets/check-secrets.js'

/** The caller's open transaction: a client of `pg`, or that of another driver by `fromDrizzle` and its like. */
export type CallersClient = PgClient | OpenTransaction

export interface WithEpochOf<T> {
  readonly value: T
  readonly epoch: string
}

export interface JobPage {
  readonly jobs: readonly Job[]
  readonly hasMore: boolean
  readonly epoch: string
}

export interface CountedJobs {
  readonly counts: Readonly<Record<JobStatus, number>>
  readonly capped: boolean
}

/** One of many jobs to enqueue. */
export interface EnqueueItem extends Omit<EnqueueOptions, 'principal'> {
  readonly type: string
  readonly input: unknown
}

/** Everything that can be asked of jobs. Each call says who asks; a job that the principal may not see is not there. */
export interface Jobs {
  /** @throws {LonghaulError} `unknown_job_type`, `invalid_input`, `idempotency_mismatch`, `id_taken`, `lock_timeout`, `database_unavailable` */
  enqueue(
    type: string,
    input: unknown,
    options: EnqueueOptions & {
      /**
       * Jobs that are enqueued with this one, which makes it a batch: it is `waiting` until all of
       * them have settled, and then its handler begins. At most 50,000; none of them exists without
       * the others.
       */
      readonly items?: readonly BatchItem[]
      readonly transaction?: CallersClient
    },
  ): Promise<Enqueued>
  /**
   * Enqueue many jobs: all of them or, when one is refused, none. At most 10,000.
   *
   * @throws {LonghaulError} as `enqueue`; the pointers of its issues begin with the job's place in the list
   */
  enqueueMany(
    items: readonly EnqueueItem[],
    options: { readonly principal: Principal; readonly transaction?: CallersClient },
  ): Promise<readonly Enqueued[]>
  /** @throws {LonghaulError} `job_not_found` */
  get(principal: Principal, id: string): Promise<WithEpochOf<Job>>
  list(list: {
    principal: Principal
    selection: JobSelection
    after?: PagePosition | undefined
    limit: number
    /** The page ends with the job that exceeds so many bytes of inputs, results and metadata. @defaultValue only by its limit */
    mostBytes?: number | undefined
  }): Promise<JobPage>
  count(principal: Principal, selection: JobSelection): Promise<CountedJobs>
  /** @throws {LonghaulError} `invalid_input` for a field by which no jobs can be found; `list`, `count` and what is done to many jobs say so too */
  checkSelection(selection: JobSelection): void
  steps(principal: Principal, id: string): Promise<readonly JobStep[]>
  attempts(principal: Principal, id: string): Promise<readonly JobAttempt[]>
  cancellations(principal: Principal, id: string): Promise<readonly Cancellation[]>
  /** What keeps a queued job from being run, though its time has come. Null: only its turn. */
  waitingFor(principal: Principal, id: string): Promise<WaitingFor | null>
  /** How long the principal's own recent completed jobs took. A type without any is left out. */
  durations(principal: Principal, types: readonly string[]): Promise<readonly JobDuration[]>
  /**
   * @returns the job: `cancelled` when no worker had it, `running` with `cancelRequestedAt` when one has
   * @throws {LonghaulError} `job_not_found`, `invalid_state` when it had completed or failed
   */
  cancel(cancel: {
    principal: Principal
    id: string
    reason?: string | undefined
    metadata?: JsonObject | undefined
  }): Promise<WithEpochOf<Job>>
  /**
   * Start a failed or cancelled job again. `secrets`: those that it, and what it spawned, had are gone
   * and have to be given again.
   *
   * @throws {LonghaulError} `job_not_found`, `invalid_state` unless it had failed or was cancelled, `secret_required`
   */
  retry(
    principal: Principal,
    id: string,
    options?: { readonly secrets?: Secrets },
  ): Promise<WithEpochOf<Job>>
  /**
   * Cancel the jobs of a filter, newest first, at most a thousand: `left` says whether to ask again.
   * Those for which it was asked before are not asked again.
   */
  cancelMany(request: BulkRequest & { readonly reason?: string | undefined }): Promise<BulkAnswer>
  /**
   * Retry the failed and cancelled jobs of a filter, as `cancelMany` does, but for those of whose families
   * one had secrets, or still stops: they are `skipped`, with the names of what `retry` needs.
   */
  retryMany(request: BulkRequest): Promise<RetryManyAnswer>
  /**
   * Send a signal to a job, for its `waitForSignal`. It is stored before this resolves, and
   * received once, also when it comes before the wait.
   *
   * @throws {LonghaulError} `job_not_found`, `invalid_state` when the job has settled, `too_many_signals`, `invalid_parameter` for a name
   */
  signal(signal: {
    principal: Principal
    id: string
    name: string
    payload?: Json
    /** A signal with the same key was sent before: this one is not stored. */
    idempotencyKey?: string | undefined
  }): Promise<void>
  /** @throws {LonghaulError} `job_not_found`, `job_not_settled` */
  delete(principal: Principal, id: string): Promise<void>
  /** Delete what has expired, in bounded batches. `more`: there was no time for all of it. */
  deleteExpired(): Promise<{ deleted: number; more: boolean }>
}
