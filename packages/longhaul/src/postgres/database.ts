import type { Query } from './sql.js'

/**
 * All that we ask of a Postgres driver: run one statement. A caller's open transaction is just
 * another Database. Rows come back in camelCase, times as RFC 3339 text, jsonb parsed.
 */
export interface Database {
  /** @throws {LonghaulError} `database_unavailable` when the outcome is unknown or nothing was sent. */
  run<Row>(query: Query<Row>): Promise<readonly Row[]>
}

/** A database of our own: it can also open transactions, and is closed with its owner. */
export interface OwnDatabase extends Database {
  /** Where its statements find their tables, and the channel on which its hints are told. */
  readonly schema: string
  /** Commits when `work` resolves, rolls back when it rejects. */
  transaction<T>(work: (tx: Database) => Promise<T>): Promise<T>
  /** Several statements without parameters, in one transaction, as they are: they name the schema themselves. */
  runScript(text: string): Promise<void>
  close(): Promise<void>
}

/** Run a query that matches one row at most. */
export async function runOne<Row>(db: Database, query: Query<Row>): Promise<Row | undefined> {
  const [row] = await db.run(query)
  return row
}
