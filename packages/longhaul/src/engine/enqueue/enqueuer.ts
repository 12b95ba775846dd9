import { LonghaulError } from '../../core/index.js'
import {
  type Database,
  failureKind,
  findHolders,
  type Hints,
  insertJobs,
  insertNewJobs,
  isDuplicate,
  type NewJob,
  type OwnDatabase,
  readEpoch,
  readInserted,
} from '../../postgres/index.js'
import { createBatcher, piecesOf } from '../batcher.js'
import { insertItems } from '../batches/insert-items.js'
import { transact } from '../transact.js'
import { announceAnswered, announceLater } from './announce-answered.js'
import {
  accepted,
  answerInserted,
  answerRepeated,
  type Enqueued,
  type EnqueueAnswer,
} from './enqueue-answer.js'
import type { EnqueueRequest } from './enqueue-request.js'
import { findSingleton } from './insert-singleton.js'
import { createPatience } from './patience.js'
import { sizeOfRow } from './size-of-row.js'

export interface Enqueuer {
  /** Enqueue as part of a batch with whatever else is being enqueued. */
  enqueue(request: EnqueueRequest): Promise<Enqueued>
  /** Enqueue on a caller's connection: inside its transaction, if it has one open. */
  enqueueOn(db: Database, requests: readonly EnqueueRequest[]): Promise<Enqueued[]>
  /** Enqueue all of them or, when one is refused, none. */
  enqueueAll(requests: readonly EnqueueRequest[]): Promise<Enqueued[]>
}

/** Short, so that one who waits for somebody's open transaction does not hold up a batch, or a connection. */
const lockTimeoutMs = 50
/** A caller is told within a second that the database is away. */
const giveUpAfterMs = 900

interface InsertOptions {
  readonly timeoutMs?: number
  /** @defaultValue whether they have ids of ours and no key */
  readonly areNew?: boolean
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
  const patiently = createPatience({ shortMs: lockTimeoutMs, longMs: patienceMs })
  const batcher = createBatcher<EnqueueRequest, EnqueueAnswer>({
    async run(requests, alone) {
      const options = { timeoutMs: alone ? patienceMs : lockTimeoutMs }
      // The answer to a first insert was lost, and the jobs are there.
      const answers = await insert(db, requests, options).catch((error: unknown) => {
        if (!isDuplicate(error)) throw error
        return insert(db, requests, { ...options, areNew: false })
      })
      announceAnswered(hints, requests, answers)
      return answers
    },
    sizeOf,
    giveUpAfterMs,
  })

  async function insert(
    on: Database,
    requests: readonly EnqueueRequest[],
    options: InsertOptions = {},
  ): Promise<(EnqueueAnswer | undefined)[]> {
    const rows = requests.map(({ row }) => row)
    const { timeoutMs, epoch: knownEpoch, areNew = !rows.some(isRepeatable) } = options
    const inserted = await on.run(areNew ? insertNewJobs(rows) : insertJobs(rows, timeoutMs))
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
    const epoch = await readEpoch(db)
    return patiently((timeoutMs) =>
      transact(db, (tx) => insertAll(tx, requests, { timeoutMs, epoch })),
    ).catch(rethrow)
  }

  async function enqueueAll(requests: readonly EnqueueRequest[]): Promise<Enqueued[]> {
    const enqueued = await insertTogether(requests)
    announceAnswered(hints, requests, enqueued)
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

/** Only of what may be asked for again a fingerprint is kept. */
const isRepeatable = ({ fingerprint }: NewJob): boolean => fingerprint !== undefined

const sizeOf = ({ row }: EnqueueRequest): number => sizeOfRow(row)

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
