import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { inject, onTestFinished } from 'vitest'
import type { Principal } from '../src/core/index.js'
import {
  type ClaimedJob,
  claimJobs,
  type ClaimJobs,
  readClaim,
  insertJobs,
  type NewJob,
  openPgDatabase,
  type OwnDatabase,
  registerWorker,
  roundAfter,
  type Turn,
} from '../src/postgres/index.js'

export const ada: Principal = { tenantId: 'acme', userId: 'ada', roles: [] }
export const bob: Principal = { tenantId: 'acme', userId: 'bob', roles: [] }
export const acmeAdmin: Principal = { tenantId: 'acme', userId: 'zoe', roles: ['admin'] }
export const grace: Principal = { tenantId: 'globex', userId: 'grace', roles: [] }

export interface TestDatabase extends OwnDatabase {
  readonly connection: pg.ClientConfig
  /** Plain SQL, for what the test itself wants to see or do. */
  query(text: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>
  /** A connection of the test's own, for open transactions. */
  connect(): Promise<pg.Client>
  /** Insert a job that is ready, and return its id. */
  insertJob(job?: Partial<NewJob>): Promise<string>
  registerWorker(): Promise<string>
  claim(
    claim: Partial<ClaimJobs> & {
      workerId: string
      queues?: readonly string[]
      after?: Turn | undefined
    },
  ): Promise<readonly ClaimedJob[]>
  /** Let a lease run out without waiting: the row is aged, not the clock. */
  expireLease(workerId: string): Promise<void>
}

/** For a process of its own. The server of the tests may be behind a socket, which has its place in the query. */
export function urlOf(config: pg.ClientConfig): string {
  const { host = 'localhost', port = 5432, user = '', password, database = '' } = config
  const url = new URL(`postgres://localhost:${port}/${database}`)
  url.username = user
  if (typeof password === 'string') url.password = password
  if (host.startsWith('/')) url.searchParams.set('host', host)
  else url.hostname = host
  return url.href
}

export function newJob(job: Partial<NewJob> = {}): NewJob {
  return {
    tenantId: 'acme',
    id: randomUUID(),
    ownerId: 'ada',
    visibility: 'owner',
    type: 'noop',
    typeVersion: 1,
    queue: 'noop',
    priority: 0,
    delayMs: 0,
    input: '{"n":1}',
    tags: [],
    attempts: 5,
    cancelGraceMs: 10_000,
    expiresAfterMs: 86_400_000,
    ...job,
  }
}

/** A migrated database of this test's own. It is dropped when the run ends. */
export async function testDatabase(): Promise<TestDatabase> {
  const template = inject('template')
  const server = inject('connection')
  const name = `${template}_${randomUUID().slice(0, 8)}`
  const admin = new pg.Client(server)
  await admin.connect()
  await admin.query(`create database ${name} template ${template}`)
  await admin.end()
  const connection = { ...server, database: name }
  const db = openPgDatabase({
    connection,
    applicationName: 'longhaul-test',
    maxConnections: 8,
    synchronousCommit: 'off',
    prepare: true,
  })
  onTestFinished(() => db.close())
  let claims = 0

  const plain = new pg.Pool({ ...connection, max: 4 })
  plain.on('error', () => undefined)
  onTestFinished(() => plain.end())

  return {
    ...db,
    connection,
    async query(text, values = []) {
      const { rows } = await plain.query<Record<string, unknown>>(text, [...values])
      return rows
    },
    async connect() {
      const client = new pg.Client(connection)
      client.on('error', () => undefined)
      await client.connect()
      onTestFinished(() => client.end().catch(() => undefined))
      return client
    },
    async insertJob(job = {}) {
      const made = newJob(job)
      const [row] = await db.run(insertJobs([made], 1000))
      if (row!.inserted !== 1) throw new Error('The job was there before.')
      return made.id
    },
    async registerWorker() {
      const workerId = randomUUID()
      await db.run(
        registerWorker({
          workerId,
          leaseMs: 60_000,
          name: 'test',
          handled: [{ type: 'noop', version: 1 }],
        }),
      )
      return workerId
    },
    async claim({ queues = ['noop'], after, ...claim }) {
      claims += 1
      const rows = await db.run(
        claimJobs({
          number: claims,
          endedClaims: [],
          handled: [{ type: 'noop', version: 1 }],
          round: roundAfter(queues, after),
          limit: 10,
          ...claim,
        }),
      )
      return readClaim(rows).jobs
    },
    async expireLease(workerId) {
      await plain.query(
        `update longhaul.workers set lease_expires_at = now() - interval '1 second' where id = $1`,
        [workerId],
      )
    },
  }
}
