import type { Principal } from '../core/index.js'
import {
  cancelJobs,
  countJobsLeft,
  type Database,
  findSkipped,
  type Hints,
  type JobKey,
  type JobSelection,
  lockJobs,
  type ManyJobs,
  type OwnDatabase,
  retryJobs,
  runOne,
  type SkippedJob,
} from '../postgres/index.js'
import { asReason } from './as-reason.js'
import { recountBatches } from './batches/recount-batches.js'
import { cancelDescendants } from './children/cancel-descendants.js'
import { hintOfCancelled } from './children/hint-of-cancelled.js'
import { hintOfRetried } from './children/hint-of-retried.js'
import { retryDescendants, type RetriedRoots } from './children/retry-descendants.js'
import { transact } from './transact.js'

/** Which jobs: those of a list's filter to which it can be done. */
export interface BulkRequest {
  readonly principal: Principal
  readonly selection: JobSelection
}

export interface BulkAnswer {
  /**
   * To how many it was done, with those that they had spawned. Of many thousands of these the rest
   * follows after the answer.
   */
  readonly done: number
  /** To how many it can still be done, by asking again. Counted up to 10,000. */
  readonly left: number
}

export interface RetryManyAnswer extends BulkAnswer {
  /**
   * Jobs of the filter that were left as they are: they, or jobs that would be retried with them, had
   * secrets, which `retry` takes for one job; or what they have spawned is still being cancelled, or
   * stopping, and they can be retried in a moment. The newest hundred.
   */
  readonly skipped: readonly SkippedJob[]
}

const jobsPerPiece = 200
const pieces = 5
const leftCap = 10_000
const mostSkipped = 100

/**
 * Cancel and retry by filter, in pieces: each locks its jobs in a statement and changes them in the
 * next, and is a transaction, so that nobody waits long for a job and a lost connection loses little.
 */
export function createBulk({
  db,
  hints,
  check,
}: {
  readonly db: OwnDatabase
  readonly hints: Hints
  /** Throws when the filter makes no sense. */
  check(selection: JobSelection): void
}): {
  cancelMany(request: BulkRequest & { readonly reason?: string | undefined }): Promise<BulkAnswer>
  retryMany(request: BulkRequest): Promise<RetryManyAnswer>
} {
  async function inPieces<Row extends JobKey>(
    many: ManyJobs,
    change: (db: Database, ids: readonly string[]) => Promise<readonly Row[]>,
    tell: (rows: readonly Row[]) => void,
  ): Promise<BulkAnswer> {
    check(many.selection)
    let done = 0
    for (let piece = 0; piece < pieces; piece += 1) {
      const { locked, rows } = await transact(db, async (tx) => {
        const ids = (await tx.run(lockJobs(many, jobsPerPiece))).map(({ id }) => id)
        return { locked: ids.length, rows: ids.length === 0 ? [] : await change(tx, ids) }
      })
      if (rows.length > 0) tell(rows)
      done += rows.length
      if (locked < jobsPerPiece) break
    }
    return { done, left: (await runOne(db, countJobsLeft(many, leftCap)))?.left ?? 0 }
  }

  return {
    cancelMany({ principal, selection, reason }) {
      const cancel = { principal, reason: asReason(reason) }
      return inPieces(
        { principal, selection, action: 'cancel' },
        async (tx, ids) => {
          const jobs = await tx.run(cancelJobs({ ...cancel, ids, metadata: undefined }))
          const request = { requestedBy: principal.userId, reason: cancel.reason }
          const roots = { ...rootsOf(principal, jobs), ...request }
          return [...jobs, ...(await cancelDescendants(tx, roots))]
        },
        (jobs) => hints.send(hintOfCancelled(jobs)),
      )
    },
    async retryMany({ principal, selection }) {
      const answer = await inPieces(
        { principal, selection, action: 'retry' },
        async (tx, ids) => {
          const jobs = await tx.run(retryJobs(principal, ids))
          const children = await retryDescendants(tx, rootsOf(principal, jobs))
          await recountBatches(tx, jobs)
          return [...jobs, ...children]
        },
        (jobs) => hints.send(hintOfRetried(jobs)),
      )
      return { ...answer, skipped: await db.run(findSkipped(principal, selection, mostSkipped)) }
    },
  }
}

function rootsOf({ tenantId }: Principal, jobs: readonly JobKey[]): RetriedRoots {
  return { tenantId, ids: jobs.map(({ id }) => id) }
}
