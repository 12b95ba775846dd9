import { statusesAllowing } from '../../core/index.js'
import {
  type Cascade,
  type ChildRow,
  type Database,
  type FamilyRow,
  findChildren,
  findFamilies,
  holdBack,
  letGo,
  lockChildren,
  resetChildSteps,
  type RetriedKey,
  retryChildren,
  saveCascades,
} from '../../postgres/index.js'
import { recountBatches } from '../batches/recount-batches.js'
import { stillCancelling } from '../job-errors.js'
import { begin, childrenPerPiece, doPieces, parentsOf, type Piece, restAfter } from './cascades.js'

export interface RetriedRoots {
  readonly tenantId: string
  readonly ids: readonly string[]
}

/**
 * Retry the descendants of jobs that have just been retried, inside that transaction. Those that had completed keep
 * their results. A job of which not all children could be come to at once is held back until they have been.
 *
 * @param most to how many to come at once
 * @returns those that were retried at once
 * @throws {LonghaulError} `invalid_state` while what one of the jobs has spawned is still being cancelled, or stopping
 */
export async function retryDescendants(
  tx: Database,
  { tenantId, ids }: RetriedRoots,
  most: number = childrenPerPiece,
): Promise<readonly RetriedKey[]> {
  const families = await tx.run(findFamilies(tenantId, ids))
  const cancelling = families.find(({ isCancelling }) => isCancelling)
  if (cancelling !== undefined) throw stillCancelling(cancelling.id)
  await tx.run(resetChildSteps(tenantId, ids))
  const request = { tenantId, action: 'retry', requestedBy: null, reason: null } as const
  const cascades = begin(parentsOf(families), request)
  const { changed, left } = await doPieces(cascades, most, (next, room) =>
    retryPiece(tx, next, room),
  )
  // What has to be done at once cannot wait for what is still stopping.
  if (left.length > 0 && most === Infinity) throw stillCancelling(ids[0]!)
  if (left.length > 0) await leave(tx, tenantId, left)
  return changed
}

/** Leave these to the sweep. */
export async function leave(
  tx: Database,
  tenantId: string,
  cascades: readonly Cascade[],
): Promise<void> {
  await tx.run(saveCascades(cascades))
  const ids = cascades.map(({ jobId }) => jobId)
  await tx.run(holdBack(tenantId, ids))
}

/** All children of these have been come to. @returns the queues in which they can be claimed */
export async function release(
  tx: Database,
  tenantId: string,
  ids: readonly string[],
): Promise<readonly string[]> {
  const jobs = await tx.run(lockChildren(tenantId, ids))
  await recountBatches(
    tx,
    jobs.map((job) => ({ ...job, tenantId })),
  )
  return (await tx.run(letGo(tenantId, ids))).map(({ queue }) => queue)
}

/** The next children of cascades of one request. */
export async function retryPiece(
  tx: Database,
  cascades: readonly Cascade[],
  most: number,
): Promise<Piece<RetriedKey>> {
  const request = cascades[0]!
  const { tenantId } = request
  const statuses = statusesAllowing('retry')
  const found = await tx.run(findChildren({ cascades, statuses, most }))
  if (found.length === 0) return { changed: [], visited: 0, left: [] }
  const foundIds = found.map(({ id }) => id)
  await tx.run(lockChildren(tenantId, foundIds))
  const families = await tx.run(findFamilies(tenantId, foundIds))
  const children = before(found, families)
  const last = children.at(-1)
  if (last === undefined) return { changed: [], visited: 0, left: cascades }
  const ids = children.map(({ id }) => id)
  const changed = await tx.run(retryChildren(tenantId, ids))
  const retriedIds = changed.map(({ id }) => id)
  await tx.run(resetChildSteps(tenantId, retriedIds))
  const parents = parentsOf(families).filter((id) => retriedIds.includes(id))
  const isCutShort = children.length < found.length || found.length === most
  const rest = isCutShort ? restAfter(cascades, last) : []
  return { changed, visited: children.length, left: [...rest, ...begin(parents, request)] }
}

/** A child whose own children are still being cancelled, or stopping, is waited for. */
function before(
  children: readonly ChildRow[],
  families: readonly FamilyRow[],
): readonly ChildRow[] {
  const cancelling = new Set(families.flatMap(({ id, isCancelling }) => (isCancelling ? [id] : [])))
  const place = children.findIndex(({ id }) => cancelling.has(id))
  return place === -1 ? children : children.slice(0, place)
}
