import { type Database, recountItems, type RetriedKey } from '../../postgres/index.js'

/** Those of a tenant's retried jobs that are batches wait again for the items that were retried with them. */
export async function recountBatches(
  tx: Database,
  retried: readonly Pick<RetriedKey, 'tenantId' | 'id' | 'itemCount'>[],
): Promise<void> {
  const batches = retried.filter(({ itemCount }) => itemCount !== null)
  if (batches.length === 0) return
  const ids = batches.map(({ id }) => id)
  await tx.run(recountItems(batches[0]!.tenantId, ids))
}
