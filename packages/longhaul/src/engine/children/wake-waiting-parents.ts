import { lockParents, type OwnDatabase, wakeParents, type WokenRow } from '../../postgres/index.js'

const mostParents = 200

/** Two statements: one that itself waits for a lock would see the children as they were before. */
export async function wakeWaitingParents(db: OwnDatabase): Promise<WokenRow> {
  const [woken] = await db.transaction(async (tx) =>
    tx.run(wakeParents(await tx.run(lockParents({ limit: mostParents })))),
  )
  return woken!
}
