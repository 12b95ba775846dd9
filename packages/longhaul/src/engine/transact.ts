import { type Database, failureKind, type OwnDatabase } from '../postgres/index.js'

const mostTries = 5

/**
 * A transaction that locks several jobs. Two that have some in common, and come to them in another order,
 * can wait for each other; then Postgres ends one of them with nothing done, and that one begins again.
 */
export async function transact<T>(db: OwnDatabase, work: (tx: Database) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await db.transaction(work)
    } catch (error) {
      if (failureKind(error) !== 'conflict' || tries === mostTries) throw error
    }
  }
}
