import { jobStatuses } from '../../core/index.js'
import {
  cancelChildren,
  type CancelledKey,
  type Cascade,
  type Database,
  findChildren,
  findFamilies,
  lockChildren,
  saveCascades,
} from '../../postgres/index.js'
import { begin, childrenPerPiece, doPieces, parentsOf, type Piece, restAfter } from './cascades.js'

export interface CancelledRoots {
  readonly tenantId: string
  readonly ids: readonly string[]
  readonly requestedBy: string
  readonly reason?: string | undefined
}

/**
 * Cancel the descendants of jobs that have just been cancelled, inside that transaction: nothing is spawned by
 * these any more.
 *
 * @param most to how many to come at once
 * @returns those that were cancelled at once
 */
export async function cancelDescendants(
  tx: Database,
  { ids, reason, ...roots }: CancelledRoots,
  most: number = childrenPerPiece,
): Promise<readonly CancelledKey[]> {
  const cascades = begin(ids, { ...roots, action: 'cancel', reason: reason ?? null })
  const { changed, left } = await doPieces(cascades, most, (next, room) =>
    cancelPiece(tx, next, room),
  )
  if (left.length > 0) await tx.run(saveCascades(left))
  return changed
}

/** The next children of cascades of one request. */
export async function cancelPiece(
  tx: Database,
  cascades: readonly Cascade[],
  most: number,
): Promise<Piece<CancelledKey>> {
  const request = cascades[0]!
  const { tenantId } = request
  const children = await tx.run(findChildren({ cascades, statuses: jobStatuses, most }))
  const last = children.at(-1)
  if (last === undefined) return { changed: [], visited: 0, left: [] }
  const ids = children.map(({ id }) => id)
  await tx.run(lockChildren(tenantId, ids))
  const changed = await tx.run(
    cancelChildren(tenantId, ids, {
      requestedBy: request.requestedBy!,
      reason: request.reason ?? undefined,
      metadata: undefined,
    }),
  )
  const families = await tx.run(findFamilies(tenantId, ids))
  const rest = children.length === most ? restAfter(cascades, last) : []
  return {
    changed,
    visited: children.length,
    left: [...rest, ...begin(parentsOf(families), request)],
  }
}
