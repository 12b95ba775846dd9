import type { Principal } from '../core/index.js'
import { type Database, lockJob, type OwnDatabase, type Query } from '../postgres/index.js'
import { notFound } from './job-errors.js'
import { transact } from './transact.js'

export interface OneJob {
  readonly principal: Principal
  readonly id: string
}

/**
 * Change one job under its lock and then, in the same transaction, what hangs on it.
 *
 * @throws {LonghaulError} `job_not_found`
 */
export async function changeJob<Row, Followed>(
  db: OwnDatabase,
  { principal, id }: OneJob,
  query: Query<Row>,
  follow: (row: Row, tx: Database) => Promise<Followed> | Followed,
): Promise<{ readonly row: Row; readonly followed: Followed }> {
  const changed = await transact(db, async (tx) => {
    await tx.run(lockJob(principal, id))
    const [row] = await tx.run(query)
    return row === undefined ? undefined : { row, followed: await follow(row, tx) }
  })
  if (changed === undefined) throw notFound(id)
  return changed
}
