/**
 * What a person does to a job is done to all that the job has spawned. A family can have many thousands, so each
 * transaction takes a piece of it: the one that changes the jobs at the roots takes the first, and leaves cascades
 * for the rest, which any worker's sweep goes on with. Why: docs/adr/0020.
 */
import type { Cascade, ChildRow, FamilyRow } from '../../postgres/index.js'

/** How many children a transaction comes to. */
export const childrenPerPiece = 200

export type Request = Pick<Cascade, 'tenantId' | 'action' | 'requestedBy' | 'reason'>

export interface Piece<Row> {
  readonly changed: readonly Row[]
  /** To how many children it came. */
  readonly visited: number
  /** What is to be done after it. */
  readonly left: readonly Cascade[]
}

export type DoPiece<Row> = (cascades: readonly Cascade[], most: number) => Promise<Piece<Row>>

/** Do pieces until nothing is left, or `most` children have been come to. */
export async function doPieces<Row>(
  roots: readonly Cascade[],
  most: number,
  doPiece: DoPiece<Row>,
): Promise<Omit<Piece<Row>, 'visited'>> {
  const changed: Row[] = []
  let left = roots
  for (let room = most; left.length > 0 && room > 0;) {
    const piece = await doPiece(left, Math.min(room, childrenPerPiece))
    changed.push(...piece.changed)
    left = piece.left
    if (piece.visited === 0) break
    room -= piece.visited
  }
  return { changed, left }
}

export function begin(
  ids: readonly string[],
  { tenantId, action, requestedBy, reason }: Request,
): Cascade[] {
  return ids.map((jobId) => ({ tenantId, jobId, action, afterId: null, requestedBy, reason }))
}

export function parentsOf(families: readonly FamilyRow[]): readonly string[] {
  return families.flatMap(({ id, isParent }) => (isParent ? [id] : []))
}

/** What is left of cascades after a child of one of them. */
export function restAfter(cascades: readonly Cascade[], last: ChildRow): readonly Cascade[] {
  const place = cascades.findIndex(({ jobId }) => jobId === last.parentId)
  return [{ ...cascades[place]!, afterId: last.id }, ...cascades.slice(place + 1)]
}

export function isOfOneRequest(one: Request, other: Request): boolean {
  return (
    one.tenantId === other.tenantId &&
    one.action === other.action &&
    one.requestedBy === other.requestedBy &&
    one.reason === other.reason
  )
}
