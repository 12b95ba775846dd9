import { LonghaulError } from '../src/core/index.js'
import type { Database, OwnDatabase, Query } from '../src/postgres/index.js'

/** A database whose answers get lost: the statement runs, or not, and the caller hears neither. */
export function unreliable(db: OwnDatabase, isLost: () => 'before' | 'after' | 'no'): OwnDatabase {
  const lost = new LonghaulError('database_unavailable', 'The answer was lost.')
  const wrap = (inner: Database): Database => ({
    async run<Row>(query: Query<Row>) {
      const when = isLost()
      if (when === 'before') throw lost
      const rows = await inner.run(query)
      if (when === 'after') throw lost
      return rows
    },
  })
  return {
    ...db,
    ...wrap(db),
    async transaction(work) {
      const when = isLost()
      if (when === 'before') throw lost
      const result = await db.transaction(work)
      if (when === 'after') throw lost
      return result
    },
  }
}
