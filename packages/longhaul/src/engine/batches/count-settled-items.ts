import { countItems, type Hint, lockBatches, type OwnDatabase } from '../../postgres/index.js'

const mostBatches = 200

/** Two statements: one that itself waits for a lock would see what was noted as it was before. */
export async function countSettledItems(
  db: OwnDatabase,
): Promise<{ readonly hint: Hint; readonly more: boolean }> {
  const rows = await db.transaction(async (tx) =>
    tx.run(countItems(await tx.run(lockBatches({ limit: mostBatches })))),
  )
  const { tenantIds, ids, queues, more } = rows[0]!
  return { hint: { jobs: ids.map((id, n) => ({ tenantId: tenantIds[n]!, id })), queues }, more }
}
