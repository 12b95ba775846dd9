import { describe, expect, it } from 'vitest'
import type { Json } from '../src/core/index.js'
import { runCli } from '../src/cli/run-cli.js'
import { bindTenantRole, migrate, openToOutsiders, runOne, sql } from '../src/postgres/index.js'
import { ada, type TestDatabase, testDatabase, urlOf } from './database.js'
import { deferred, testJob, untilAborted } from './engine.js'
import { asHeader, nextEvent, readEvents, type SseEvent } from './http.js'
import { type App, openApp, previewSchema } from './schemas/app.js'
import { drivers } from './transactions/drivers.js'

const operator = { ...ada, roles: ['operator', 'admin'] }

interface Two {
  readonly database: TestDatabase
  readonly production: App
  readonly preview: App
}

/** A deployment and a preview of it on one database, in one process: the same job types, and who ran them. */
async function twoApps(): Promise<Two> {
  const database = await testDatabase()
  const open = (schema: string): App =>
    openApp(database.connection, schema, [testJob('who', () => schema)])
  return { database, production: open('longhaul'), preview: open(previewSchema()) }
}

async function watch(app: App): Promise<AsyncGenerator<SseEvent>> {
  const response = await app.fetch(
    new Request('http://localhost/api/longhaul/watch', {
      method: 'POST',
      body: JSON.stringify({ watches: [{ key: 'w', jobs: {} }] }),
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        ...asHeader(ada),
      },
    }),
  )
  const events = readEvents(response)
  await nextEvent(events, ({ event }) => event === 'window')
  return events
}

/** Everything up to the job's end. */
async function seenUntil(events: AsyncGenerator<SseEvent>, id: string): Promise<string> {
  const seen: SseEvent[] = []
  await nextEvent(events, (event) => {
    seen.push(event)
    return event.data.id === id && event.data.status === 'completed'
  })
  return JSON.stringify(seen)
}

async function cli(
  database: TestDatabase,
  ...args: string[]
): Promise<{ code: number; said: string }> {
  const lines: string[] = []
  const print = (line: string): void => void lines.push(line)
  const env = { DATABASE_URL: urlOf(database.connection) }
  const code = await runCli({ args, env, print, printError: print })
  return { code, said: lines.join('\n') }
}

describe('two schemas of one database', () => {
  it('G-63: have jobs, workers, pauses, schedules and idempotency keys of their own', async () => {
    const { production, preview } = await twoApps()
    const once = { idempotencyKey: 'once' }
    const mine = await production.enqueue('who', {}, once)
    const theirs = await preview.enqueue('who', {}, once)
    expect(theirs).not.toBe(mine)
    await preview.work()
    expect(await preview.until(theirs, 'completed')).toMatchObject({ result: preview.schema })
    expect(await production.jobs.get(ada, mine)).toMatchObject({ status: 'queued', attempt: 0 })
    await expect(preview.jobs.cancel({ principal: ada, id: mine })).rejects.toMatchObject({
      code: 'job_not_found',
    })

    await preview.queues.pause(operator, { queue: 'who', scope: 'queue' })
    await preview.schedules.set(ada, {
      id: 'hourly',
      type: 'who' as never,
      input: {},
      cron: '0 * * * *',
      timeZone: 'UTC',
    })
    expect(await production.queues.paused(operator)).toEqual([])
    expect(await production.schedules.list(ada)).toEqual([])
    await production.work()
    expect(await production.until(mine, 'completed')).toMatchObject({ result: 'longhaul' })
    expect(await production.jobs.count(ada, {})).toMatchObject({
      counts: { completed: 1 },
    })
  })

  it('G-63: tell their readers, and each other’s processes, nothing of one another', async () => {
    const { database, production, preview } = await twoApps()
    const [seenThere, seenHere] = [await watch(preview), await watch(production)]
    const heard: { channel: string; payload: string }[] = []
    const listener = await database.connect()
    listener.on('notification', ({ channel, payload = '' }) => heard.push({ channel, payload }))
    await listener.query(`listen longhaul; listen ${preview.schema}`)
    await Promise.all([production.work(), preview.work()])

    const [mine, theirs] = [await production.enqueue('who'), await preview.enqueue('who')]
    expect(await seenUntil(seenThere, theirs)).not.toContain(mine)
    expect(await seenUntil(seenHere, mine)).not.toContain(theirs)
    const channelsOf = (id: string): string[] => [
      ...new Set(heard.filter(({ payload }) => payload.includes(id)).map(({ channel }) => channel)),
    ]
    await expect.poll(() => channelsOf(mine)).toEqual(['longhaul'])
    await expect.poll(() => channelsOf(theirs)).toEqual([preview.schema])
  })

  it('G-63: have database roles of their own, which reach nothing of the other', async () => {
    const { database, production, preview } = await twoApps()
    await Promise.all([production.enqueue('who'), preview.enqueue('who')])
    await openToOutsiders(preview.db)
    await openToOutsiders(production.db)
    const login = `${preview.schema}_login`
    await database.query(`create role ${login}`)
    try {
      await bindTenantRole(preview.db, { role: login, tenantId: 'acme' })
      const client = await database.connect()
      await client.query(`set session authorization ${login}`)
      expect((await client.query(`select from ${preview.schema}_api.jobs`)).rowCount).toBe(1)
      for (const table of ['longhaul_api.jobs', 'longhaul.jobs'])
        await expect(client.query(`select from ${table}`)).rejects.toMatchObject({ code: '42501' })
      await client.query('reset session authorization')
      await client.query(`set role ${preview.schema}_engine`)
      expect((await client.query(`select from ${preview.schema}.jobs`)).rowCount).toBe(1)
      await expect(client.query('select from longhaul.jobs')).rejects.toMatchObject({
        code: '42501',
      })
      await client.end()
    } finally {
      await database.query(`drop owned by ${login}`)
      await database.query(`drop role ${login}`)
    }
  })

  it('G-64: are removed one at a time, and not under the hands of a worker', async () => {
    const { database, production, preview } = await twoApps()
    const { schema } = preview
    const started = deferred()
    const busy = openApp(database.connection, schema, [
      testJob('long', ({ signal }) => {
        started.resolve()
        return untilAborted(signal)
      }),
    ])
    const kept = await production.enqueue('who')
    await busy.enqueue('long')
    await busy.work({ name: 'busy one' })
    await started.promise

    expect(await cli(database, 'drop', '--schema', schema)).toMatchObject({
      code: 2,
      said: expect.stringContaining(`--yes ${schema}`),
    })
    expect(await cli(database, 'drop', '--schema', schema, '--yes', 'longhaul')).toMatchObject({
      code: 2,
    })
    const dropping = ['drop', `--schema=${schema}`, '--yes', schema]
    expect(await cli(database, ...dropping)).toMatchObject({
      code: 1,
      said: expect.stringContaining('busy one'),
    })
    expect(await busy.jobs.count(ada, {})).toMatchObject({ counts: { running: 1 } })

    await Promise.all([busy.stop({ graceMs: 0 }), preview.stop()])
    expect(await cli(database, ...dropping)).toEqual({ code: 0, said: `removed ${schema}` })
    expect(await cli(database, ...dropping)).toMatchObject({
      code: 0,
      said: expect.stringContaining('no schema'),
    })
    expect(
      await database.query(
        `select nspname::text as name from pg_namespace where starts_with(nspname, $1)
         union all select rolname from pg_roles where starts_with(rolname, $1)`,
        [schema],
      ),
    ).toEqual([])
    await production.work()
    expect(await production.until(kept, 'completed')).toMatchObject({ result: 'longhaul' })
  })

  it('are removed with force while workers are alive', async () => {
    const { database, preview } = await twoApps()
    await preview.work()
    const dropping = ['drop', '--schema', preview.schema, '--yes', preview.schema, '--force']
    expect(await cli(database, ...dropping)).toMatchObject({ code: 0 })
  })
})

describe('a database without the schema longhaul', () => {
  it('G-63: has everything in the schema that was named, and misses nothing', async () => {
    const database = await testDatabase()
    await database.query('drop schema longhaul cascade')
    const schema = previewSchema()
    const app = openApp(database.connection, schema, [
      testJob('child', ({ input }) => input),
      testJob('sealed', ({ secrets }) => secrets.get('token')),
      testJob('parent', async ({ step, spawn, sleep, stream, progress, waitForSignal }) => {
        progress(10, 'begun')
        stream.write('word')
        await step('one', () => 1)
        await sleep(1)
        const answer = await waitForSignal('go', { timeout: '1m' })
        return [answer, await spawn('child' as never, { n: 1 } as never)] as Json
      }),
      testJob('batch', ({ items }) => items.completed),
      testJob('limited', () => null, { concurrency: { perTenant: 1 } }),
      testJob('long', ({ signal }) => untilAborted(signal), { onCancel: () => undefined }),
    ])
    await app.work({ lease: '10s' })
    const parent = await app.enqueue('parent')
    await app.until(parent, 'waiting')
    await app.jobs.signal({ principal: ada, id: parent, name: 'go', payload: 'yes' })
    expect(await app.until(parent, 'completed')).toMatchObject({ result: ['yes', { n: 1 }] })
    const sealed = await app.enqueue('sealed', {}, { secrets: { token: 'sesame' } })
    await app.until(sealed, 'completed')
    const batch = await app.enqueue('batch', {}, { items: [{ type: 'child', input: 1 }] })
    expect(await app.until(batch, 'completed')).toMatchObject({ result: 1 })
    await app.until(await app.enqueue('limited', {}, { singleton: true }), 'completed')
    const long = await app.enqueue('long', {}, { delay: 10 })
    await app.until(long, 'running')
    await app.jobs.cancel({ principal: ada, id: long })
    await app.until(long, 'cancelled')
    await app.jobs.retry(ada, long)
    const renewed = sql<{ renewed: boolean }>`
      select bool_or(lease_expires_at > started_at + interval '11 s') as renewed from longhaul.workers`
    await expect.poll(() => runOne(app.db, renewed), { timeout: 20_000 }).toEqual({ renewed: true })
    expect(await app.erase(operator, { tenantId: 'acme', userId: 'nobody' })).toMatchObject({
      jobs: 0,
    })
    for (const args of [
      ['migrate'],
      ['rescue'],
      ['cleanup'],
      ['pause', 'child'],
      ['rls', '--notify'],
    ])
      expect(await cli(database, ...args, '--schema', schema), args[0]).toMatchObject({ code: 0 })
    expect(await cli(database, 'rescue', '--schema', 'public')).toMatchObject({ code: 2 })
    expect(await database.query(`select from pg_namespace where nspname = 'longhaul'`)).toEqual([])
  }, 60_000)

  it.each(drivers)(
    'G-65: commits steps and enqueues together with the app’s writes, with $name',
    async (driver) => {
      const database = await testDatabase()
      await database.query('drop schema longhaul cascade; create table public.orders (note text)')
      const connected = driver.connect(database.connection)
      const { transactions, insert, join, transaction } = connected
      const app: App = openApp(database.connection, previewSchema(), [
        testJob('receipt', () => null),
        testJob('order', ({ step }) =>
          step('book', { transaction: transactions, timeout: '1m' }, async (client) => {
            await insert(client, 'booked')
            return app.enqueue('receipt', {}, { transaction: join(client) })
          }),
        ),
      ])
      await app.start()
      const id = await transaction(async (client) => {
        await insert(client, 'ordered')
        return app.enqueue('order', {}, { transaction: join(client) })
      })
      await transaction(async (client) => {
        await app.enqueue('order', {}, { transaction: join(client) })
        throw new Error('changed my mind')
      }).catch(() => undefined)
      await app.work()
      const { result } = (await app.until(id, 'completed')) as { result: string }
      await app.until(result, 'completed')
      expect(await database.query('select note from public.orders order by 1')).toEqual([
        { note: 'booked' },
        { note: 'ordered' },
      ])
      expect(await app.jobs.count(ada, {})).toMatchObject({ counts: { completed: 2 } })
    },
  )

  it('is migrated by any number of schemas at once', async () => {
    const database = await testDatabase()
    const apps = Array.from({ length: 3 }, () =>
      openApp(database.connection, previewSchema(), [testJob('who', () => null)]),
    )
    await Promise.all(apps.flatMap(({ db }) => [migrate(db), migrate(db)]))
    for (const { db } of apps) {
      const query = sql<{
        count: number
      }>`select count(*)::integer as count from longhaul.migrations`
      expect((await runOne(db, query))!.count).toBeGreaterThan(18)
    }
  })
})
