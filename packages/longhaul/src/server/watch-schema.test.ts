import { expect, it, onTestFinished } from 'vitest'
import { ada, type TestDatabase, testDatabase } from '../../test/database.js'
import { deferred, silent, testJob, untilAborted } from '../../test/engine.js'
import { LonghaulError } from '../core/index.js'
import { createLonghaul, type Longhaul } from './index.js'

interface Old {
  readonly db: TestDatabase
  readonly app: Longhaul
  /** Resolves with what the app says when it stops by itself. */
  readonly saidWhy: Promise<unknown>
}

/** A process at work on a database that a newer version is about to migrate. */
async function oldVersion(): Promise<Old> {
  const db = await testDatabase()
  const said = deferred<unknown>()
  const started = deferred()
  const app = createLonghaul({
    jobs: [
      testJob('held', ({ signal }) => {
        started.resolve()
        return untilAborted(signal)
      }),
    ],
    authenticate: () => ada,
    database: db.connection,
    logger: { ...silent, error: ({ error }: Record<string, unknown>) => said.resolve(error) },
  }) as unknown as Longhaul
  onTestFinished(() => app.stop({ graceMs: 0 }))
  await app.work()
  await app.jobs.enqueue('held' as never, {}, { principal: ada })
  await started.promise
  return { db, app, saidWhy: said.promise }
}

/** As `migrate` does it: what is at work hears of it with the commit. */
function migrateTo(number: number, breaking: boolean): string {
  return `insert into longhaul.migrations (number, name, breaking) values (${number}, '${number}_new', ${breaking});
    notify longhaul`
}

const health = new Request('http://localhost/api/longhaul/health')

it('G-23: stops and hands its jobs back untried when a newer version breaks the schema under it', async () => {
  const { db, app, saidWhy } = await oldVersion()
  await db.runScript(migrateTo(9999, true))

  const why = await saidWhy
  expect(LonghaulError.is(why, 'incompatible_schema')).toBe(true)
  expect((await app.fetch(health.clone())).status).toBe(503)
  await expect(app.jobs.enqueue('held' as never, {}, { principal: ada })).rejects.toBe(why)
  await app.stop()
  expect(await db.query('select status, attempt from longhaul.jobs')).toEqual([
    { status: 'queued', attempt: 0 },
  ])
  expect(await db.query('select from longhaul.workers')).toEqual([])
})

it('G-23: works on when a newer version has only added to the schema', async () => {
  const { db, app } = await oldVersion()
  await db.runScript(migrateTo(9998, false))
  await db.runScript(migrateTo(9999, false))

  await app.jobs.enqueue('held' as never, {}, { principal: ada })
  for (let running = 0; running < 2; running = (await app.health()).running ?? 0)
    await new Promise((resolve) => setTimeout(resolve, 20))
  expect((await app.fetch(health.clone())).status).toBe(200)
})

it.each([
  ['an empty database', 'drop schema longhaul cascade'],
  [
    'one that an older version has migrated',
    'delete from longhaul.migrations where number = (select max(number) from longhaul.migrations)',
  ],
])('does not start on %s when somebody else is to migrate, and says how', async (_, made) => {
  const db = await testDatabase()
  await db.query(made)
  const app = createLonghaul({
    jobs: [testJob('noop', () => null)],
    authenticate: () => ada,
    database: db.connection,
    logger: silent,
    migrate: false,
  })
  onTestFinished(() => app.stop())
  await expect(app.start()).rejects.toMatchObject({
    code: 'incompatible_schema',
    message: expect.stringContaining('`npx longhaul migrate --schema longhaul`'),
  })
})

it('G-23: does not start on a schema that it would misread, whoever is to migrate', async () => {
  const db = await testDatabase()
  await db.runScript(migrateTo(9999, true))
  const app = createLonghaul({
    jobs: [testJob('noop', () => null)],
    authenticate: () => ada,
    database: db.connection,
    logger: silent,
    migrate: false,
  })
  onTestFinished(() => app.stop())
  await expect(app.start()).rejects.toMatchObject({ code: 'incompatible_schema' })
})
