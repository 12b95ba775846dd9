import { type Job, type Json, LonghaulError } from '../../core/index.js'
import {
  type Database,
  failureKind,
  findHolders,
  type HolderRow,
  type Hints,
  type InsertedJob,
  insertJobs,
  type NewJob,
  type OwnDatabase,
  readEpoch,
  readInserted,
  type SingletonPlace,
} from '../../postgres/index.js'
import { createBatcher, piecesOf } from '../batcher.js'
import { transact } from '../transact.js'
import { insertItems } from '../batches/insert-items.js'
import { announceInserted, isWaiting } from './announce-inserted.js'
import { findSingleton } from './insert-singleton.js'
import { sizeOfRow } from './size-of-row.js'

/** A row to insert, with its input as a value for the answer. */
export interface EnqueueRequest {
  readonly row: NewJob
  readonly input: Json
  /** There is to be one job of this place at a time. */
  readonly singleton?: {
    readonly place: SingletonPlace
    /** Rather than to answer with a job that waits for its time, give it this input and let it wait on. */
    readonly debounced: boolean
  }
  /** Of a batch: the rows that are inserted with it, and for which it waits. */
  readonly items?: readonly NewJob[]
}

export interface Enqueued {
  readonly job: Job
  readonly epoch: string
  /** The job was there before: the request is a repetition. */
  readonly replayed: boolean
}

export interface Enqueuer {
  /** Enqueue as part of a batch with whatever else is being enqueued. */
  enqueue(request: EnqueueRequest): Promise<Enqueued>
  /** Enqueue on a caller's connection: inside its transaction, if it has one open. */
  enqueueOn(db: Database, requests: readonly EnqueueRequest[]): Promise<Enqueued[]>
  /** Enqueue all of them or, when one is refused, none. */
  enqueueAll(requests: readonly EnqueueRequest[]): Promise<Enqueued[]>
}

/** A refusal is an answer, so that it does not make the rest of its batch fail. */
type Answer = Enqueued | { readonly refused: LonghaulError }

/** Short, so that one who waits for somebody's open transaction does not hold up a batch. */
const lockTimeoutMs = 50
/** A caller is told within a second that the database is away. */
const giveUpAfterMs = 900

interface InsertOptions {
  readonly timeoutMs?: number
  /** Absent: as the rows say or, when there are none, read on another connection. */
  readonly epoch?: string
}

export interface EnqueuerOptions {
  /**
   * How long one that stands alone waits for another transaction that asks for the same.
   *
   * @defaultValue 10_000
   */
  readonly patienceMs?: number
}

export function createEnqueuer(
  db: OwnDatabase,
  hints: Hints,
  { patienceMs = 10_000 }: EnqueuerOptions = {},
): Enqueuer {
  const batcher = createBatcher<EnqueueRequest, Answer>({
    async run(requests, alone) {
      const timeoutMs = alone ? patienceMs : lockTimeoutMs
      const answers = await insert(db, requests, { timeoutMs })
      announce(hints, requests, answers)
      return answers
    },
    sizeOf,
    giveUpAfterMs,
  })

  async function insert(
    on: Database,
    requests: readonly EnqueueRequest[],
    { timeoutMs, epoch: knownEpoch }: InsertOptions = {},
  ): Promise<(Answer | undefined)[]> {
    const rows = requests.map(({ row }) => row)
    const inserted = await on.run(insertJobs(rows, timeoutMs))
    // On a connection of our own: a caller's open transaction would make everybody else wait for it.
    const epoch = knownEpoch ?? inserted[0]!.epoch ?? (await readEpoch(db))
    const answers = readInserted(rows, inserted).map((made, n) =>
      made === undefined ? undefined : answerInserted(requests[n]!, made, epoch),
    )
    const repeated = requests.filter((_, n) => answers[n] === undefined)
    if (repeated.length === 0) return answers
    const holders = await on.run(findHolders(repeated.map(({ row }) => row)))
    return requests.map(({ row }, n) => answers[n] ?? answerRepeated(row, holders, epoch))
  }

  /** In pieces that a statement holds. @throws the first refusal */
  async function insertAll(
    on: Database,
    requests: readonly EnqueueRequest[],
    options: InsertOptions = {},
  ): Promise<Enqueued[]> {
    const enqueued: Enqueued[] = []
    for (const piece of runsOf(requests).flatMap((run) => piecesOf(run, sizeOf))) {
      const job = await findSingleton(on, piece[0]!, options.timeoutMs)
      if (job !== undefined) {
        const epoch = options.epoch ?? (await readEpoch(db))
        enqueued.push({ job, epoch, replayed: true })
        continue
      }
      let answers = await insert(on, piece, options)
      // What held an id can be deleted between two statements: then the next try inserts.
      while (answers.includes(undefined)) answers = await insert(on, piece, options)
      for (const [n, answer] of answers.entries()) {
        const made = accepted(answer!)
        enqueued.push(made)
        if (!made.replayed) await insertItems(on, piece[n]!)
      }
    }
    return enqueued
  }

  async function insertTogether(requests: readonly EnqueueRequest[]): Promise<Enqueued[]> {
    // Before the transaction: many that each hold a connection and want another would wait for ever.
    const options = { timeoutMs: patienceMs, epoch: await readEpoch(db) }
    return transact(db, (tx) => insertAll(tx, requests, options)).catch(rethrow)
  }

  async function enqueueAll(requests: readonly EnqueueRequest[]): Promise<Enqueued[]> {
    const enqueued = await insertTogether(requests)
    announce(hints, requests, enqueued)
    return enqueued
  }

  return {
    async enqueue(request) {
      if (!standsAlone(request)) return accepted(await batcher.add(request).catch(rethrow))
      return (await enqueueAll([request]))[0]!
    },
    async enqueueOn(on, requests) {
      const enqueued = await insertAll(on, requests)
      announceLater(hints, requests, enqueued)
      return enqueued
    },
    enqueueAll,
  }
}

/** A singleton may be there already; a batch has its items. */
function standsAlone({ singleton, items }: EnqueueRequest): boolean {
  return singleton !== undefined || items !== undefined
}

/** In their order, those that stand alone by themselves. */
function runsOf(requests: readonly EnqueueRequest[]): EnqueueRequest[][] {
  const runs: EnqueueRequest[][] = []
  for (const request of requests) {
    const last = runs.at(-1)
    if (last === undefined || [request, last[0]!].some(standsAlone)) runs.push([request])
    else last.push(request)
  }
  return runs
}

const sizeOf = ({ row }: EnqueueRequest): number => sizeOfRow(row)

function announce(
  hints: Hints,
  requests: readonly EnqueueRequest[],
  answers: readonly (Answer | undefined)[],
): void {
  announceInserted(
    hints,
    requests.flatMap(({ row, items = [] }, n) => {
      const answer = answers[n]
      if (!isOpen(answer)) return []
      return [{ ...row, id: answer.job.id }, ...(answer.replayed ? [] : items)]
    }),
  )
}

/**
 * We are not told when the caller's transaction commits, and a hint must not come before. So a few
 * go out when it probably has; the workers' regular look finds the job in any case.
 */
function announceLater(
  hints: Hints,
  requests: readonly EnqueueRequest[],
  answers: readonly Answer[],
): void {
  for (const afterMs of [20, 200, 1000]) {
    setTimeout(() => announce(hints, requests, answers), afterMs).unref()
  }
}

/** Also what was there before: it may be ours, and the answer that said so was lost before a hint went out. */
function isOpen(answer: Answer | undefined): answer is Enqueued {
  if (answer === undefined || !('job' in answer)) return false
  return answer.job.status === 'queued' || answer.job.status === 'waiting'
}

function rethrow(error: unknown): never {
  if (failureKind(error) !== 'lock_timeout') throw error
  throw new LonghaulError(
    'lock_timeout',
    'Another transaction, which has not ended, is enqueuing the same: its id, idempotency key or singleton. Whether ' +
      'this would be a second one cannot be known before, so nothing was enqueued. Ask again; if that does not ' +
      'help, look for a transaction that was left open.',
    { cause: error },
  )
}

function accepted(answer: Answer): Enqueued {
  if ('refused' in answer) throw answer.refused
  return answer
}

function answerInserted(
  { row, input }: EnqueueRequest,
  made: InsertedJob,
  epoch: string,
): Enqueued {
  return { job: asNewJob(row, input, made), epoch, replayed: false }
}

function answerRepeated(
  row: NewJob,
  holders: readonly HolderRow[],
  epoch: string,
): Answer | undefined {
  const byId = holders.find((holder) => holder.id === row.id && holder.tenantId === row.tenantId)
  if (byId !== undefined && byId.ownerId !== row.ownerId) return { refused: idTaken(row.id) }
  const holder =
    byId ??
    holders.find(
      (each) =>
        each.tenantId === row.tenantId &&
        each.ownerId === row.ownerId &&
        each.idempotencyKey === row.idempotencyKey,
    )
  if (holder === undefined) return undefined
  if (holder.fingerprint !== (row.fingerprint ?? null)) return { refused: mismatch(row) }
  const { tenantId: _, fingerprint: __, idempotencyKey: ___, ...job } = holder
  // An id that we made ourselves is there because the answer to our insert was lost.
  return { job, epoch, replayed: row.fingerprint !== undefined }
}

function asNewJob(row: NewJob, input: Json, made: InsertedJob): Job {
  return {
    id: row.id,
    type: row.type,
    typeVersion: row.typeVersion,
    queue: row.queue,
    ownerId: row.ownerId,
    visibility: row.visibility,
    priority: row.priority,
    input,
    metadata: row.metadata === undefined ? null : JSON.parse(row.metadata),
    tags: row.tags,
    parentId: null,
    createdAt: made.createdAt,
    status: isWaiting(row) ? 'waiting' : 'queued',
    version: 1,
    progress: 0,
    stage: isWaiting(row) ? `0/${row.itemCount}` : null,
    result: null,
    error: null,
    attempt: 0,
    maxAttempts: row.attempts,
    runAt: made.runAt,
    deadlineAt: made.deadlineAt,
    cancelRequestedAt: null,
    startedAt: null,
    finishedAt: null,
    expiresAt: null,
  }
}

function idTaken(id: string): LonghaulError {
  return new LonghaulError(
    'id_taken',
    `A job cannot have the id ${id}, because it is in use. Nothing was enqueued. Make a new random id.`,
  )
}

function mismatch({ idempotencyKey }: NewJob): LonghaulError {
  const name = idempotencyKey === undefined ? 'id' : 'idempotency key'
  return new LonghaulError(
    'idempotency_mismatch',
    `A job was enqueued before with the same ${name} and a different request, so nothing was enqueued. ` +
      `Use a new ${name} for a new request, or repeat the first one unchanged.`,
  )
}
