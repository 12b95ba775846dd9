import {
  type Cancellation,
  encodeJson,
  isJobId,
  type Job,
  type JobAttempt,
  type JobDefinition,
  type JobStatus,
  type JobStep,
  type Json,
  type JsonObject,
  limits,
  type OpenTransaction,
  type Principal,
  type WaitingFor,
} from '../core/index.js'
import {
  countJobs,
  type Database,
  type OwnDatabase,
  deleteExpiredJobs,
  deleteJob,
  findAttempts,
  findCancellations,
  findDurations,
  findJob,
  findSteps,
  findWaitingFor,
  type Hints,
  isJobRow,
  joinTransaction,
  type JobDuration,
  type JobRow,
  type JobSelection,
  listJobs,
  ofPgClient,
  type PagePosition,
  type PgClient,
  type Query,
  runOne,
  runWithEpoch,
  sendSignal,
} from '../postgres/index.js'
import { asBatch, type BatchItem } from './batches/as-batch.js'
import { type BulkAnswer, type BulkRequest, createBulk, type RetryManyAnswer } from './bulk.js'
import { checkSelection } from './check-selection.js'
import { createCancelAndRetry } from './cancel-and-retry.js'
import { changeJob } from './change-job.js'
import type { EnqueueOptions } from './enqueue/enqueue-options.js'
import { createEnqueuer, type Enqueued, type EnqueuerOptions } from './enqueue/enqueuer.js'
import { asRequest } from './enqueue/enqueue-request.js'
import type { Secrets } from './secrets/check-secrets.js'
import { createVault, type Vault } from './secrets/vault.js'
import {
  checkSignal,
  inItem,
  invalidState,
  notFound,
  notSettled,
  tooMany,
  tooManySignals,
} from './job-errors.js'

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
   * one had secrets: they are `skipped`, with the names of what `retry` needs.
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

export interface JobsOptions {
  readonly db: OwnDatabase
  readonly hints: Hints
  readonly definitions: ReadonlyMap<string, JobDefinition>
  makeId(): string
  /** Absent: no job can carry secrets. */
  readonly vault?: Vault
  readonly enqueuer?: EnqueuerOptions
}

const countCap = 10_000
const batchesPerCleanup = 40
const claimsPerBatch = 4

export function createJobs({
  db,
  hints,
  definitions,
  makeId,
  vault = createVault([]),
  enqueuer: enqueuerOptions,
}: JobsOptions): Jobs {
  const enqueuer = createEnqueuer(db, hints, enqueuerOptions)
  const context = { definitions, makeId, vault }

  const check = (selection: JobSelection): void => checkSelection(definitions, selection)

  return {
    ...createBulk({ db, hints, check }),
    checkSelection: check,
    ...createCancelAndRetry({ db, hints, vault }),

    async enqueue(type, input, { transaction, items, ...options }) {
      const job = await asRequest(context, type, input, options)
      const request = items === undefined ? job : await asBatch(context, job, { items, options })
      return transaction === undefined
        ? enqueuer.enqueue(request)
        : (await enqueuer.enqueueOn(joined(transaction), [request]))[0]!
    },

    async enqueueMany(items, { principal, transaction }) {
      if (items.length > limits.jobsPerBatch) throw tooMany(items.length)
      const requests = await Promise.all(
        items.map(({ type, input, ...options }, n) =>
          asRequest(context, type, input, { ...options, principal }).catch((error: unknown) =>
            Promise.reject(inItem(n, error)),
          ),
        ),
      )
      return transaction === undefined
        ? enqueuer.enqueueAll(requests)
        : enqueuer.enqueueOn(joined(transaction), requests)
    },

    async get(principal, id) {
      if (!isJobId(id)) throw notFound(id)
      const { epoch, rows } = await runWithEpoch(db, findJob(principal, id))
      const [job] = rows.flatMap(asJob)
      if (job === undefined) throw notFound(id)
      return { value: job, epoch }
    },

    async list({ principal, selection, after, limit }) {
      check(selection)
      const query = listJobs({ principal, selection, after, limit: limit + 1 })
      const { epoch, rows } = await runWithEpoch(db, query)
      const jobs = rows.flatMap(asJob)
      return { jobs: jobs.slice(0, limit), hasMore: jobs.length > limit, epoch }
    },

    async count(principal, selection) {
      check(selection)
      const rows = await db.run(countJobs(principal, selection, countCap))
      const counts = { queued: 0, running: 0, waiting: 0, completed: 0, failed: 0, cancelled: 0 }
      for (const { status, count } of rows) counts[status] = count
      return { counts, capped: rows[0]?.capped === true }
    },

    steps: (principal, id) => db.run(findSteps(principal, id)),
    attempts: async (principal, id) =>
      (await runOne(db, findAttempts(principal, id)))?.attempts ?? [],
    cancellations: (principal, id) => db.run(findCancellations(principal, id)),
    waitingFor: async (principal, id) =>
      (await runOne(db, findWaitingFor(principal, id)))?.waitingFor ?? null,
    durations: (principal, types) => db.run(findDurations(principal, types)),

    async signal({ principal, id, name, payload = null, idempotencyKey }) {
      if (!isJobId(id)) throw notFound(id)
      checkSignal(name, idempotencyKey)
      const query = sendSignal({
        principal,
        id,
        name,
        payload: encodeJson(payload, { what: 'the payload', maxBytes: limits.payloadBytes }),
        idempotencyKey,
        most: limits.signalsPerJob,
      })
      const row = await locked(principal, id, query)
      if (!row.open) throw invalidState({ id, status: row.status }, 'signal')
      if (row.full) throw tooManySignals(id)
      if (row.readyIn !== null) hints.send({ queues: [row.readyIn] })
    },

    async delete(principal, id) {
      if (!isJobId(id)) throw notFound(id)
      const row = await locked(principal, id, deleteJob(principal, id))
      if (!row.deleted) throw notSettled(id, row.status)
      hints.send({ jobs: [{ tenantId: row.tenantId, id }] })
    },

    async deleteExpired() {
      let deleted = 0
      for (let batch = 0; batch < batchesPerCleanup; batch += 1) {
        const gone = await db.run(deleteExpiredJobs({ limit: claimsPerBatch }))
        if (gone.length === 0) return { deleted, more: false }
        deleted += gone.length
        hints.send({ jobs: gone })
      }
      return { deleted, more: true }
    },
  }

  function joined(transaction: CallersClient): Database {
    return joinTransaction(db.schema, 'run' in transaction ? transaction : ofPgClient(transaction))
  }

  async function locked<Row>(principal: Principal, id: string, query: Query<Row>): Promise<Row> {
    return (await changeJob(db, { principal, id }, query, () => undefined)).row
  }
}

function asJob(row: JobRow): Job[] {
  if (!isJobRow(row)) return []
  const { epoch: _, ...job } = row
  return [job]
}
