import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { onTestFinished } from 'vitest'
import { dropSchema, openPgDatabase, type OwnDatabase } from '../../src/postgres/index.js'
import type { Job, JobDefinition, Principal } from '../../src/core/index.js'
import { createLonghaul, type Longhaul, schemaOfBranch } from '../../src/server/index.js'
import { ada } from '../database.js'
import { silent } from '../engine.js'

export interface App extends Longhaul {
  readonly schema: string
  /** Its schema, for what the API does not tell. */
  readonly db: OwnDatabase
  enqueue(type: string, input?: unknown, options?: object): Promise<string>
  until(id: string, status: Job['status']): Promise<Job>
}

/** A schema of this test's own; its roles would outlive the database. */
export function previewSchema(): string {
  return schemaOfBranch(`test/${randomUUID()}`)
}

/** All of Longhaul, as an app has it, in a schema of a database that others use too. */
export function openApp(
  connection: pg.ClientConfig,
  schema: string,
  jobs: readonly JobDefinition[],
): App {
  const db = openPgDatabase({
    connection,
    schema,
    applicationName: 'longhaul-test',
    maxConnections: 2,
    synchronousCommit: 'off',
  })
  onTestFinished(async () => {
    if (schema !== 'longhaul') await dropSchema(db)
    await db.close()
  })
  const longhaul = createLonghaul({
    jobs,
    schema,
    database: connection,
    authenticate: (request) =>
      JSON.parse(request.headers.get('x-principal') ?? 'null') as Principal | null,
    secretKeys: [{ id: 'k1', key: Buffer.alloc(32, 1).toString('base64') }],
    logger: silent,
  })
  onTestFinished(() => longhaul.stop({ graceMs: 0 }))
  const enqueue = longhaul.jobs.enqueue as (...args: unknown[]) => Promise<Job>
  return {
    ...longhaul,
    schema,
    db,
    enqueue: async (type, input = {}, options = {}) =>
      (await enqueue(type, input, { principal: ada, ...options })).id,
    async until(id, status) {
      for (;;) {
        const job = await longhaul.jobs.get(ada, id)
        if (job.status === status) return job
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },
  }
}
