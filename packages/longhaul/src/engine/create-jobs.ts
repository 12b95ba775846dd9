import { encodeJson, isJobId, type JobDefinition, limits, type Principal } from '../core/index.js'
import {
  type Database,
  deleteExpiredJobs,
  deleteJob,
  type Hints,
  joinTransaction,
  type JobSelection,
  ofPgClient,
  type OwnDatabase,
  type Query,
  readExpired,
  sendSignal,
} from '../postgres/index.js'
import { asBatch } from './batches/as-batch.js'
import { createBulk } from './bulk.js'
import { createCancelAndRetry } from './cancel-and-retry.js'
import { changeJob } from './change-job.js'
import { checkSelection } from './check-selection.js'
import { createEnqueuer, type EnqueuerOptions } from './enqueue/enqueuer.js'
import { asRequest } from './enqueue/enqueue-request.js'
import {
  checkSignal,
  inItem,
  invalidState,
  notFound,
  notSettled,
  tooMany,
  tooManySignals,
} from './job-errors.js'
import type { CallersClient, Jobs } from './jobs.js'
import { createReads } from './read-jobs.js'
import { createVault, type Vault } from './secrets/vault.js'

export interface JobsOptions {
  readonly db: OwnDatabase
  readonly hints: Hints
  readonly definitions: ReadonlyMap<string, JobDefinition>
  makeId(): string
  /** Absent: no job can carry secrets. */
  readonly vault?: Vault
  readonly enqueuer?: EnqueuerOptions
}

const batchesPerCleanup = 40
const listsPerBatch = 4

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
    ...createReads(db, check),
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
        const { lists, gone } = readExpired(
          await db.run(deleteExpiredJobs({ limit: listsPerBatch })),
        )
        deleted += gone.length
        if (gone.length > 0) hints.send({ jobs: gone })
        if (lists < listsPerBatch) return { deleted, more: false }
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
