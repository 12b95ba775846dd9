import pg from 'pg'
import { expect, it, onTestFinished } from 'vitest'
import { createLonghaul, type Longhaul } from '../src/server/index.js'
import { createHints, openPgDatabase } from '../src/postgres/index.js'
import { startServer } from './chaos/server.js'
import { ada } from './database.js'
import { silent, testJob } from './engine.js'

async function until(test: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await test())) await new Promise((resolve) => setTimeout(resolve, 25))
}

it(
  'F15: writes, works and warns while the room for notifications is full, and hears hints again when it is not',
  { timeout: 90_000 },
  async () => {
    const server = await startServer(['max_notify_queue_pages = 64'])
    const app = createLonghaul({
      jobs: [testJob('noop', ({ input }) => input)],
      database: server.connection,
      authenticate: () => ada,
      logger: silent,
    }) as unknown as Longhaul
    onTestFinished(() => app.stop({ graceMs: 0 }))
    await app.start()
    await app.work()
    const db = openPgDatabase({
      connection: server.connection,
      applicationName: 'test',
      maxConnections: 1,
      synchronousCommit: 'on',
    })
    onTestFinished(() => db.close())
    const warnings: string[] = []
    const logger = { ...silent, warn: (_: unknown, message: string) => void warnings.push(message) }
    const hints = createHints({ db, connection: server.connection, logger, probeMs: 100 })
    onTestFinished(() => hints.close())
    await until(() => hints.status() === 'listening')

    const deaf = new pg.Client(server.connection)
    await deaf.connect()
    onTestFinished(() => deaf.end())
    await deaf.query('listen somewhere')
    await deaf.query('begin')
    await deaf.query('select')
    const fill = (count: number): Promise<unknown> =>
      server.query(
        `select pg_notify('elsewhere', n || repeat('x', 7000)) from generate_series(1, $1) as n`,
        [count],
      )
    await fill(25)
    await until(() => warnings.some((warning) => warning.includes('room')))
    await expect(fill(100)).rejects.toMatchObject({ code: '54000' })
    while (
      await fill(1).then(
        () => true,
        () => false,
      )
    );
    await until(() => hints.status() === 'connecting')

    const { id } = await app.jobs.enqueue('noop' as never, 'done', { principal: ada })
    await until(async () => (await app.jobs.get(ada, id)).status === 'completed')

    await deaf.query('commit')
    await until(() => hints.status() === 'listening')
  },
)
