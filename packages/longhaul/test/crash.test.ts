import { describe, expect, it, onTestFinished } from 'vitest'
import { createClient } from '../src/client/index.js'
import { createLonghaul, type Longhaul } from '../src/server/index.js'
import { startApp } from './chaos/app-process.js'
import { makeEffects } from './chaos/lab.js'
import { type Server, startServer } from './chaos/server.js'
import { ada } from './database.js'
import { silent, testJob } from './engine.js'

async function appOn(server: Server, options: object = {}): Promise<Longhaul> {
  const app = createLonghaul({
    jobs: [testJob('noop', () => null)],
    database: server.connection,
    authenticate: () => ada,
    logger: silent,
    ...options,
  }) as unknown as Longhaul
  onTestFinished(() => app.stop({ graceMs: 0 }))
  await app.start()
  return app
}

const enqueue = async (app: Longhaul): Promise<string> =>
  (await app.jobs.enqueue('noop' as never, {}, { principal: ada })).id

describe('a server that loses its power', { timeout: 60_000 }, () => {
  it('G-11: takes back what it had not yet written when commits do not wait for the disk, and every client ends without it', async () => {
    const server = await startServer(['synchronous_commit = off'])
    const app = await appOn(server, { synchronousCommit: 'off' })
    const client = createClient({
      url: 'http://localhost/api/longhaul',
      fetch: (url, init) => app.fetch(new Request(url, init)),
    })
    onTestFinished(() => client.close())
    const window = client.window({ scope: 'visible' }, 200)
    window.subscribe(() => undefined)
    const shown = (): string[] => window.getSnapshot().jobs.map(({ id }) => id)
    const kept = await enqueue(app)
    await server.query('checkpoint')
    // From here on nobody writes to the disk what is committed.
    const [writer] = await server.query(
      `select pid from pg_stat_activity where backend_type = 'walwriter'`,
    )
    process.kill(Number(writer!['pid']), 'SIGSTOP')
    const asked = await Promise.all(Array.from({ length: 100 }, () => enqueue(app)))
    while (shown().length < 101) await new Promise((resolve) => setTimeout(resolve, 10))

    await server.kill()
    await server.start()

    const [row] = await server.query('select array_agg(id::text) as ids from longhaul.jobs')
    const stored = row!['ids'] as string[]
    expect(stored).toContain(kept)
    expect(stored.length).toBeLessThan(1 + asked.length)
    while (shown().length !== stored.length) await new Promise((resolve) => setTimeout(resolve, 20))
    expect(shown().sort()).toEqual(stored.sort())

    await app.work()
    for (;;) {
      const open = await server.query('select from longhaul.jobs where finished_at is null')
      if (open.length === 0) break
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  })

  it('G-01: keeps all that was acknowledged when commits wait for the disk', async () => {
    const server = await startServer()
    const app = await appOn(server)
    const acknowledged = await Promise.all(Array.from({ length: 100 }, () => enqueue(app)))
    await server.kill()
    await server.start()
    const [row] = await server.query('select array_agg(id::text) as ids from longhaul.jobs')
    expect((row!['ids'] as string[]).sort()).toEqual(acknowledged.sort())
  })
})

it.each(['+10m', '-10m'])(
  "F20, G-07, G-16: goes by the database's clock when a worker's own is %s off",
  { timeout: 60_000 },
  async (clock) => {
    const server = await startServer()
    await makeEffects(server.connection)
    const app = await appOn(server, { jobs: [testJob('stepped', () => null)] })
    const ids = await Promise.all(
      [0, 200].map(async (delay) => {
        const options = { principal: ada, delay }
        return (await app.jobs.enqueue('stepped' as never, { steps: 2 }, options)).id
      }),
    )
    await startApp({ database: server.connection }, { work: { lease: '2s' }, clock })
    for (const id of ids)
      while ((await app.jobs.get(ada, id)).status !== 'completed')
        await new Promise((resolve) => setTimeout(resolve, 25))

    expect(
      await server.query(`
        select attempt, started_at >= run_at as "notEarly", finished_at <= now() as "notLater",
               finished_at - run_at < interval '1 minute' as soon
        from longhaul.jobs`),
    ).toEqual(ids.map(() => ({ attempt: 1, notEarly: true, notLater: true, soon: true })))
    const [lease] = await server.query(
      `select lease_expires_at - now() < interval '3 s' as short from longhaul.workers where lease_expires_at > now()`,
    )
    expect(lease).toEqual({ short: true })
  },
)
