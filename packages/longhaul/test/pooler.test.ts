import pg from 'pg'
import { expect, it, onTestFinished } from 'vitest'
import { createClient } from '../src/client/index.js'
import { createLonghaul, type Longhaul } from '../src/server/index.js'
import { type PoolMode, startPgBouncer } from './chaos/pgbouncer.js'
import { ada, testDatabase, type TestDatabase } from './database.js'
import { silent, testJob } from './engine.js'

interface Pooled {
  readonly db: TestDatabase
  readonly bouncer: pg.ClientConfig
  readonly apps: readonly [Longhaul, Longhaul]
  readonly warnings: string[]
}

/** Two processes' worth of an app, with the options that it has without a pooler. */
async function pooledApps(mode: PoolMode): Promise<Pooled> {
  const db = await testDatabase()
  const bouncer = await startPgBouncer(db.connection, mode)
  const warnings: string[] = []
  const logger = { ...silent, warn: (_: unknown, message: string) => void warnings.push(message) }
  const open = (): Longhaul => {
    const app = createLonghaul({
      jobs: [
        testJob('child', ({ input }) => input),
        testJob('all', async ({ step, progress, stream, spawn, waitForSignal, sleep }) => {
          await step('one', () => 1)
          progress(50, 'Half')
          stream.write('word')
          await stream.flush()
          await sleep(50)
          const grown = await spawn('child' as never, 'grown' as never)
          return [grown, await waitForSignal('go')]
        }),
      ],
      authenticate: () => ada,
      database: bouncer,
      logger,
    }) as unknown as Longhaul
    onTestFinished(() => app.stop({ graceMs: 0 }))
    return app
  }
  return { db, bouncer, apps: [open(), open()], warnings }
}

async function untilHints(app: Longhaul, ...statuses: readonly string[]): Promise<string> {
  for (;;) {
    const { hints } = await app.health()
    if (statuses.includes(hints)) return hints
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

it(
  'F17, G-45: works behind a pooler in transaction mode, says so, and leaves its connections to others as they were',
  { timeout: 90_000 },
  async () => {
    const { db, bouncer, apps, warnings } = await pooledApps('transaction')
    const [here, there] = apps
    await Promise.all(apps.map((app) => app.work({ lease: '30s', concurrency: 5 })))
    const client = createClient({
      url: 'http://localhost/api/longhaul',
      fetch: (url, init) => there.fetch(new Request(url, init)),
    })
    onTestFinished(() => client.close())
    const window = client.window({ scope: 'visible' }, 50)
    window.subscribe(() => undefined)

    const ids = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const { id } = await here.jobs.enqueue('all' as never, {}, { principal: ada })
        await there.jobs.signal({ principal: ada, id, name: 'go', payload: 'went' })
        return id
      }),
    )
    const shown = (): readonly unknown[] =>
      window
        .getSnapshot()
        .jobs.filter(({ id }) => ids.includes(id))
        .map(({ status, attempt, result }) => ({ status, attempt, result }))
    const wanted = ids.map(() => ({ status: 'completed', attempt: 1, result: ['grown', 'went'] }))
    while (JSON.stringify(shown()) !== JSON.stringify(wanted))
      await new Promise((resolve) => setTimeout(resolve, 50))

    for (const app of apps) await untilHints(app, 'pooled')
    expect(warnings.filter((warning) => warning.includes('pooler'))).toHaveLength(2)
    // Somebody else's clients get the connections on which ours were.
    const others = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const other = new pg.Client(bouncer)
        await other.connect()
        onTestFinished(() => other.end())
        await other.query('begin')
        const { rows } = await other.query<Record<string, unknown>>(
          `select current_setting('enable_seqscan') as seqscan, current_setting('synchronous_commit') as commit,
                  (select count(*)::int from pg_prepared_statements) as prepared,
                  (select count(*)::int from pg_listening_channels()) as listening`,
        )
        return rows[0]
      }),
    )
    const [{ commit } = {}] = await db.query(
      `select current_setting('synchronous_commit') as commit`,
    )
    expect(others).toEqual(
      Array.from({ length: 4 }, () => ({ seqscan: 'on', commit, prepared: 0, listening: 0 })),
    )
  },
)

it('F17: hears hints behind a pooler in session mode', async () => {
  const { apps, warnings } = await pooledApps('session')
  for (const app of apps) await untilHints(app, 'listening', 'pooled')
  expect(await untilHints(apps[0], 'listening', 'pooled')).toBe('listening')
  expect(warnings).toEqual([])
})
