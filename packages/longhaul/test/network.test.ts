import { describe, expect, it, onTestFinished } from 'vitest'
import { LonghaulError } from '../src/core/index.js'
import {
  createHints,
  type Hints,
  openPgDatabase,
  type OwnDatabase,
  sql,
} from '../src/postgres/index.js'
import { createLonghaul, type Longhaul } from '../src/server/index.js'
import { proxyTo } from './chaos/proxy.js'
import { ada, testDatabase, type TestDatabase } from './database.js'
import { silent, testJob } from './engine.js'
import { chooseBy } from './interleave/explore.js'
import { replay, seed } from './seed.js'

interface Far {
  readonly db: TestDatabase
  readonly proxy: Awaited<ReturnType<typeof proxyTo>>['proxy']
  readonly app: Longhaul
}

/** An app whose database is behind a network that can be told to be bad. */
async function farApp(effects: unknown[] = []): Promise<Far> {
  const db = await testDatabase()
  const { proxy, connection } = await proxyTo(db.connection)
  const app = createLonghaul({
    jobs: [
      testJob('stepped', async ({ step, job, progress }) => {
        for (const n of [1, 2, 3]) {
          await step(`step ${n}`, () => effects.push(`${job.id} ${n}`))
          progress(n * 33)
        }
      }),
    ],
    authenticate: () => ada,
    database: connection,
    logger: silent,
  }) as unknown as Longhaul
  onTestFinished(() => app.stop({ graceMs: 0 }))
  await app.start()
  return { db, proxy, app }
}

/** As a caller should who does not know what became of it: again, under the same key. */
async function insist<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!LonghaulError.is(error, 'database_unavailable')) throw error
    }
  }
}

async function untilSettled(db: TestDatabase): Promise<Record<string, unknown>[]> {
  for (;;) {
    const jobs = await db.query('select id, status, attempt, finished_at from longhaul.jobs')
    if (jobs.every((job) => job['finished_at'] !== null)) return jobs
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

describe('on a bad network', { timeout: 60_000 }, () => {
  it('F3, G-26, G-03: makes each job once, and runs each step once, when one question in five is answered by a lost connection', async () => {
    const effects: unknown[] = []
    const { db, proxy, app } = await farApp(effects)
    const choose = chooseBy(seed)
    await app.work({ lease: '10s', concurrency: 5 })
    proxy.decide((question) =>
      /insert into|update longhaul|commit/i.test(question) && choose(5) === 0
        ? 'is not answered'
        : 'passes',
    )
    const keys = Array.from({ length: 30 }, (_, n) => `key ${n}`)
    const ids = await Promise.all(
      keys.map((idempotencyKey) =>
        insist(() =>
          app.jobs.enqueue('stepped' as never, {}, { principal: ada, idempotencyKey }),
        ).then(({ id }) => id),
      ),
    )
    const jobs = await untilSettled(db)
    expect(proxy.lost(), replay).toBeGreaterThan(0)
    proxy.decide(() => 'passes')

    expect(jobs.map(({ id }) => id).sort()).toEqual([...ids].sort())
    expect(jobs.filter(({ status, attempt }) => status !== 'completed' || attempt !== 1)).toEqual(
      [],
    )
    expect(new Set(effects).size).toBe(90)
    expect(effects).toHaveLength(90)
  })

  it('F11: cancels once when the answer to the commit is lost, and says so to whoever asks again', async () => {
    const { db, proxy, app } = await farApp()
    const { id } = await app.jobs.enqueue('stepped' as never, {}, { principal: ada })
    let commits = 0
    proxy.decide((question) =>
      question.includes('commit') && (commits += 1) <= 2 ? 'is not answered' : 'passes',
    )

    await expect(app.jobs.cancel({ principal: ada, id })).rejects.toMatchObject({
      code: 'database_unavailable',
    })
    expect(await insist(() => app.jobs.cancel({ principal: ada, id }))).toMatchObject({
      status: 'cancelled',
    })
    expect(await db.query('select status from longhaul.cancellations')).toEqual([
      { status: 'processed' },
    ])
  })

  it('F13, G-04: loses no lease where each answer takes 300 ms', async () => {
    const { db, proxy, app } = await farApp()
    await Promise.all(
      Array.from({ length: 10 }, () =>
        app.jobs.enqueue('stepped' as never, {}, { principal: ada }),
      ),
    )
    proxy.slowDown(150)
    await app.work({ lease: '5s' })
    const jobs = await untilSettled(db)
    proxy.slowDown(0)
    expect(jobs.map(({ status, attempt }) => `${String(status)} ${String(attempt)}`)).toEqual(
      Array.from({ length: 10 }, () => 'completed 1'),
    )
  })

  it('G-25: answers 503 while the network is cut, and goes on when it is back', async () => {
    const { db, proxy, app } = await farApp()
    await app.work()
    const ask = (): Promise<Response> =>
      app.fetch(
        new Request('http://localhost/api/longhaul/jobs', {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': 'one' },
          body: JSON.stringify({ type: 'stepped', input: {} }),
        }),
      )
    proxy.cut()
    const refused = await ask()
    expect(refused.status).toBe(503)
    expect(refused.headers.get('retry-after')).not.toBeNull()

    proxy.restore()
    let answer = await ask()
    while (answer.status === 503) answer = await ask()
    expect(answer.status).toBe(201)
    expect(await untilSettled(db)).toMatchObject([{ status: 'completed', attempt: 1 }])
  })
})

describe('connections that go silent', { timeout: 30_000 }, () => {
  it('F12, G-11, G-24: are listened on anew, and everybody looks', async () => {
    const { listening, proxy, hints } = await farHints()
    await listening()
    proxy.silence()
    await listening()
    expect(hints.status()).toBe('listening')
  })

  it('G-40: are given up together: what is on its way is answered as unknown, and the next question is answered', async () => {
    const { listening, proxy, db } = await farHints()
    await listening()
    const idle = await Promise.all([db.run(pid), db.run(pid)])
    proxy.silence()
    const outcome = db.run(pid).catch((error: unknown) => error)

    const first = await Promise.race([outcome, listening().then(() => 'still not known')])
    expect(first).toMatchObject({ code: 'database_unavailable' })
    expect(idle).not.toContainEqual(await db.run(pid))
  })
})

const pid = sql<{ pid: number }>`select pg_backend_pid() as pid from pg_sleep(0.05)`

/** Hints and a pool of connections behind one network. */
async function farHints(): Promise<{
  readonly proxy: Far['proxy']
  readonly db: OwnDatabase
  readonly hints: Hints
  /** Resolves when everybody is told to look, because it listens again. */
  listening(): Promise<void>
}> {
  const { proxy, connection } = await proxyTo((await testDatabase()).connection)
  const db = openPgDatabase({
    connection,
    applicationName: 'test',
    maxConnections: 2,
    synchronousCommit: 'off',
    prepare: false,
  })
  onTestFinished(() => db.close())
  const hints = createHints({
    db,
    connection,
    logger: silent,
    probeMs: 100,
    onSilent: () => db.dropConnections(),
  })
  onTestFinished(() => hints.close())
  return {
    proxy,
    db,
    hints,
    listening: () =>
      new Promise((resolve) => {
        const stop = hints.subscribe((hint) => {
          if (hint.everything !== true) return
          stop()
          resolve()
        })
      }),
  }
}
