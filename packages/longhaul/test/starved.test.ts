import { isDeepStrictEqual } from 'node:util'
import pg from 'pg'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createClient } from '../src/client/index.js'
import type { JobDefinition } from '../src/core/index.js'
import { createLonghaul, type Longhaul } from '../src/server/index.js'
import { fromPg } from '../src/transactions/from-pg.js'
import { startServer } from './chaos/server.js'
import { ada, testDatabase } from './database.js'
import { deferred, silent, testJob } from './engine.js'

async function startApp(database: pg.PoolConfig, job: JobDefinition): Promise<Longhaul> {
  const app = createLonghaul({
    jobs: [job],
    database,
    authenticate: () => ada,
    logger: silent,
  }) as unknown as Longhaul
  onTestFinished(() => app.stop({ graceMs: 0 }))
  await app.start()
  return app
}

async function until(test: () => Promise<boolean>): Promise<void> {
  while (!(await test())) await new Promise((resolve) => setTimeout(resolve, 25))
}

describe('where connections are short', { timeout: 60_000 }, () => {
  it('F18, G-47: keeps its lease while handlers hold every connection, the app’s and the server’s', async () => {
    const server = await startServer(['max_connections = 25'])
    const pool = new pg.Pool({ ...server.connection, max: 2 })
    onTestFinished(() => pool.end())
    const gate = deferred()
    const app = await startApp(
      server.connection,
      testJob('bought', ({ step }) =>
        step('buy', { transaction: fromPg(pool) }, async (client) => {
          await client.query('select')
          await gate.promise
        }),
      ),
    )
    const looking = new pg.Client(server.connection)
    await looking.connect()
    onTestFinished(() => looking.end())
    await app.work({ lease: '4s' })
    const ids = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const { id } = await app.jobs.enqueue('bought' as never, {}, { principal: ada })
        return id
      }),
    )
    await until(async () => pool.totalCount === 2 && pool.waitingCount === 4)
    await until(async () => {
      const { rowCount } = await looking.query(
        `select from pg_stat_activity where application_name in ('longhaul-heartbeat', 'longhaul-hints')`,
      )
      return rowCount === 2
    })
    for (let isFull = false; !isFull;) {
      const other = new pg.Client(server.connection)
      other.on('error', () => undefined)
      isFull = await other.connect().then(
        () => false,
        () => true,
      )
      if (!isFull) onTestFinished(() => other.end())
    }
    const renewals = new Set<string>()
    await until(async () => {
      const { rows } = await looking.query<{ at: string }>(
        'select lease_expires_at::text as at from longhaul.workers',
      )
      for (const { at } of rows) renewals.add(at)
      return renewals.size > 4 // a lease is renewed three times in its length
    })
    gate.resolve()

    for (const id of ids)
      await until(async () => (await app.jobs.get(ada, id)).status === 'completed')
    const { rows } = await looking.query('select distinct attempt from longhaul.jobs')
    expect(rows).toEqual([{ attempt: 1 }])
  })

  it('F18: has the connection of the heartbeat before it is needed', async () => {
    const db = await testDatabase()
    const app = await startApp(
      db.connection,
      testJob('noop', () => null),
    )
    await app.work({ lease: '10m' })
    const looks = async (): Promise<unknown> =>
      (await db.query('select lease_expires_at from longhaul.workers'))[0]!['lease_expires_at']
    const first = await looks()
    await until(async () => {
      const beats = await db.query(
        `select from pg_stat_activity where application_name = 'longhaul-heartbeat' and datname = current_database()`,
      )
      return beats.length === 1
    })
    expect(await looks()).toEqual(first)
  })
})

it('F19, G-11: shows and runs all other jobs while a transaction that made one stays open, and that one once it commits', async () => {
  const db = await testDatabase()
  const app = await startApp(
    db.connection,
    testJob('noop', () => 'done'),
  )
  await app.work()
  const client = createClient({
    url: 'http://localhost/api/longhaul',
    fetch: (url, init) => app.fetch(new Request(url, init)),
  })
  onTestFinished(() => client.close())
  const window = client.window({ scope: 'visible' }, 50)
  window.subscribe(() => undefined)
  const shown = (): string[] => window.getSnapshot().jobs.map(({ id, status }) => `${id} ${status}`)
  const enqueue = async (options: object = {}): Promise<string> =>
    (await app.jobs.enqueue('noop' as never, {}, { principal: ada, ...options })).id

  const slow = await db.connect()
  await slow.query('begin')
  const first = await enqueue({ transaction: slow })
  const others: string[] = []
  for (let n = 0; n < 3; n += 1) {
    others.unshift(`${await enqueue()} completed`)
    await until(async () => isDeepStrictEqual(shown(), others))
  }

  await slow.query('commit')
  // older than the others, though it came later
  await until(async () => isDeepStrictEqual(shown(), [...others, `${first} completed`]))
})

it('F28: spreads the next attempts of jobs that failed together, and makes no more of them than they may have', async () => {
  const db = await testDatabase()
  const calls = new Map<string, number>()
  const app = await startApp(
    db.connection,
    testJob(
      'dependent',
      ({ job }) => {
        calls.set(job.id, (calls.get(job.id) ?? 0) + 1)
        throw new Error('503')
      },
      { retry: { attempts: 2, minDelay: '2s' } },
    ),
  )
  await app.jobs.enqueueMany(
    Array.from({ length: 500 }, () => ({ type: 'dependent' as never, input: {} as never })),
    { principal: ada },
  )
  await app.work({ concurrency: 200 })
  await until(async () => {
    const [row] = await db.query(
      'select count(*)::int as open from longhaul.jobs where finished_at is null',
    )
    return row!['open'] === 0
  })
  // How many began again in the same tenth of a second.
  const [burst] = await db.query(`
    select max(count)::int as most from (
      select count(*) from longhaul.jobs
      group by floor(extract(epoch from run_at - (attempts->0->>'failedAt')::timestamptz) * 10)
    ) as tenths`)
  expect(burst!['most']).toBeLessThan(100)
  expect([...calls.values()]).toEqual(Array.from({ length: 500 }, () => 2))
})
