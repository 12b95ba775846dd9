import { setTimeout as delay } from 'node:timers/promises'
import {
  type Duration,
  isAdmin,
  isForeignId,
  isOperator,
  LonghaulError,
  parseDuration,
  type Principal,
} from '../core/index.js'
import {
  cancelChildren,
  countJobsOf,
  cutOffJobs,
  deletePlacesOf,
  deleteSchedulesOf,
  deleteSettledOf,
  endCascadesOf,
  type Erasure,
  erasedId,
  type Forgotten,
  forgetTenant,
  forgetUser,
  type Hints,
  lockUnsettledOf,
  type OwnDatabase,
  type Query,
  runOne,
} from '../postgres/index.js'

export interface EraseOptions {
  /**
   * How long to wait for jobs that run to stop and to be cleaned up after.
   *
   * @defaultValue '30s'
   */
  readonly patience?: Duration
}

export interface Erased {
  readonly jobs: number
  readonly schedules: number
  /** How many jobs are still there: they run, or are being cleaned up after. Ask again. Counted up to 10,000. */
  readonly left: number
}

/**
 * Erase what is a user's, or a whole tenant's: jobs with all that belongs to them, schedules, secrets,
 * tickets, and their ids where they stand in other people's rows. What has not settled is cancelled.
 * All of it is done in bounded pieces; a call that was cut short is made up for by another.
 */
export type Erase = (principal: Principal, who: Erasure, options?: EraseOptions) => Promise<Erased>

const cancelledPerPiece = 200
const deletedPerPiece = 500
const rowsPerPiece = 1000
const leftCap = 10_000
const againMs = 100

export function createErase({
  db,
  hints,
}: {
  readonly db: OwnDatabase
  readonly hints: Pick<Hints, 'send'>
}): Erase {
  return async (principal, who, { patience = '30s' } = {}) => {
    check(principal, who)
    const patienceMs = parseDuration('patience', patience)
    const startedAt = performance.now()
    const schedules = await inPieces(deleteSchedulesOf(who, rowsPerPiece))
    let jobs = 0
    for (;;) {
      await cancelAll(who)
      jobs += await deleteAll(who)
      const left = (await runOne(db, countJobsOf(who, leftCap)))!.count
      if (left === 0 || performance.now() - startedAt >= patienceMs) {
        await forget(who)
        return { jobs, schedules, left }
      }
      await delay(againMs)
    }
  }

  async function cancelAll(who: Erasure): Promise<void> {
    const request = { requestedBy: erasedId, reason: undefined, metadata: undefined }
    for (;;) {
      const cancelled = await db.transaction(async (tx) => {
        const ids = (await tx.run(lockUnsettledOf(who, cancelledPerPiece))).map(({ id }) => id)
        return ids.length === 0 ? [] : tx.run(cancelChildren(who.tenantId, ids, request))
      })
      if (cancelled.length > 0) {
        const workers = new Set(cancelled.flatMap(({ workerId }) => workerId ?? []))
        hints.send({ jobs: cancelled, workers: [...workers], children: true })
      }
      if (cancelled.length < cancelledPerPiece) break
    }
    await inPieces(endCascadesOf(who, rowsPerPiece))
    // As any worker's sweep does: so that nothing waits for a worker that is not there.
    await db.run(cutOffJobs({ limit: cancelledPerPiece }))
  }

  async function deleteAll(who: Erasure): Promise<number> {
    let deleted = 0
    for (;;) {
      const gone = await db.run(deleteSettledOf(who, deletedPerPiece))
      if (gone.length > 0) hints.send({ jobs: gone })
      deleted += gone.length
      if (gone.length < deletedPerPiece) return deleted
    }
  }

  async function forget({ tenantId, userId }: Erasure): Promise<void> {
    await untilNothingIsLeft(deletePlacesOf({ tenantId, userId }, rowsPerPiece))
    if (userId === undefined) await untilNothingIsLeft(forgetTenant(tenantId, rowsPerPiece))
    // Else what says so already would be done again and again.
    else if (userId !== erasedId)
      await untilNothingIsLeft(forgetUser({ tenantId, userId }, rowsPerPiece))
  }

  async function untilNothingIsLeft(piece: Query<Forgotten>): Promise<void> {
    for (;;) {
      const { most, wereThere = false } = (await runOne(db, piece))!
      if (most === 0 && !wereThere) return
      if (most === 0) await delay(againMs)
    }
  }

  /** @returns how many rows there were */
  async function inPieces(piece: Query<unknown>): Promise<number> {
    let rows = 0
    for (;;) {
      const { length } = await db.run(piece)
      rows += length
      if (length < rowsPerPiece) return rows
    }
  }
}

/** One may erase oneself, an admin a user of the tenant, an operator anybody. */
function check(principal: Principal, { tenantId, userId }: Erasure): void {
  const isOurs = principal.tenantId === tenantId && userId !== undefined
  const may =
    isOperator(principal) || (isOurs && (principal.userId === userId || isAdmin(principal)))
  if (!may) {
    throw new LonghaulError(
      'forbidden',
      'Nothing was erased: one may erase oneself, an admin the users of the tenant, and only an operator a tenant.',
    )
  }
  if (isForeignId(tenantId) && (userId === undefined || isForeignId(userId))) return
  throw new LonghaulError(
    'invalid_input',
    'Nothing was erased: these are no ids of a tenant and a user.',
  )
}
