import { type Database, inheritDeadline, insertNewJobs } from '../../postgres/index.js'
import { piecesOf } from '../batcher.js'
import type { EnqueueRequest } from '../enqueue/enqueue-request.js'
import { sizeOfRow } from '../enqueue/size-of-row.js'

/** Insert the items of a batch in the transaction that has just inserted it, in pieces that a statement holds. */
export async function insertItems(
  tx: Database,
  { row: batch, items = [] }: Pick<EnqueueRequest, 'row' | 'items'>,
): Promise<void> {
  for (const piece of piecesOf(items, sizeOfRow)) {
    await tx.run(insertNewJobs(piece))
    if (batch.deadlineMs === undefined) continue
    const ids = piece.map(({ id }) => id)
    await tx.run(inheritDeadline(batch, ids))
  }
}
