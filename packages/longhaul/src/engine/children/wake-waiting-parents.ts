import { lockParents, type OwnDatabase, wakeParents } from '../../postgres/index.js'

const mostParents = 200

/** Two statements: one that itself waits for a lock would see the children as they were before. */
export async function wakeWaitingParents(
  db: OwnDatabase,
): Promise<{ readonly queues: readonly string[]; readonly more: boolean }> {
  const [woken] = await db.transaction(async (tx) =>
    tx.run(wakeParents(await tx.run(lockParents({ limit: mostParents })))),
  )
  return woken!
}
