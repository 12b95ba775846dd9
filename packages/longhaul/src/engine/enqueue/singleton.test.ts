import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { ada, bob, grace } from '../../../test/database.js'
import { deferred, testEngine, testJob } from '../../../test/engine.js'
import { createJobs } from '../create-jobs.js'

const asAda = { principal: ada }

describe('singletons', () => {
  it('G-28: are one at a time, however many ask at once, and each asker gets the one', async () => {
    const gate = deferred()
    const engine = await testEngine([testJob('sync', () => gate.promise)])
    const ask = async (): Promise<string> =>
      (await engine.jobs.enqueue('sync', {}, { ...asAda, singleton: true })).job.id
    const [first, ...others] = await Promise.all(Array.from({ length: 8 }, ask))
    expect(new Set(others)).toEqual(new Set([first]))
    await engine.startWorker()
    await engine.until(first!, 'running')
    expect(await ask()).toBe(first)

    gate.resolve()
    await engine.until(first!, 'completed')
    const next = await ask()
    expect(next).not.toBe(first)
    expect(await engine.db.query('select job_id from longhaul.singletons')).toEqual([
      { job_id: next },
    ])
  })

  it('are one for each key, and for each owner or tenant whose users see the job', async () => {
    const engine = await testEngine([
      testJob('own', () => null, { key: (input) => (input as { of?: string }).of }),
      testJob('shared', () => null, { visibility: 'tenant' }),
    ])
    const ask = async (type: string, principal: typeof ada, input = {}): Promise<string> =>
      (await engine.jobs.enqueue(type, input, { principal, singleton: true })).job.id
    expect(await ask('own', bob)).not.toBe(await ask('own', ada))
    expect(await ask('own', ada, { of: 'x' })).not.toBe(await ask('own', ada, { of: 'y' }))
    expect(await ask('own', ada, { of: 'x' })).toBe(await ask('own', ada, { of: 'x' }))
    expect(await ask('shared', bob)).toBe(await ask('shared', ada))
    expect(await ask('shared', grace)).not.toBe(await ask('shared', ada))
    const named = { ...asAda, singleton: 'z'.repeat(200) }
    const { job } = await engine.jobs.enqueue('own', {}, named)
    expect((await engine.jobs.enqueue('own', {}, named)).job.id).toBe(job.id)
  })

  it('wait for the transaction of another who asks, and then get its job or make their own', async () => {
    const engine = await testEngine([testJob('sync', () => null)])
    for (const end of ['commit', 'rollback']) {
      const client = await engine.db.connect()
      await client.query('begin')
      const inside = { ...asAda, singleton: end, transaction: client }
      const { job } = await engine.jobs.enqueue('sync', {}, inside)
      const outside = engine.jobs.enqueue('sync', {}, { ...asAda, singleton: end })
      await client.query(end)
      expect((await outside).job.id === job.id).toBe(end === 'commit')
    }
  })

  it.each([{ singleton: true as const }, { debounce: '1h' as const }])(
    'G-26: are answered as before when they are sent again under their id, whoever has the place by now: %j',
    async (options) => {
      const engine = await testEngine([testJob('sync', () => null)])
      const ask = (input: object, id?: string) =>
        engine.jobs.enqueue('sync', input, {
          ...asAda,
          ...options,
          ...(id === undefined ? {} : { id }),
        })
      const id = randomUUID()
      await ask({ n: 1 }, id)
      await engine.jobs.cancel({ ...asAda, id })
      const next = await ask({ n: 2 })

      expect(await ask({ n: 1 }, id)).toMatchObject({ job: { id }, replayed: true })
      expect(await engine.job(next.job.id)).toMatchObject({ version: 1, input: { n: 2 } })
    },
  )

  it('G-12: leave the place alone that they ask for under the id of somebody else’s job', async () => {
    const engine = await testEngine([testJob('sync', () => null)])
    const { job } = await engine.jobs.enqueue('sync', {}, { principal: bob })
    const client = await engine.db.connect()
    await client.query('begin')
    const request = { ...asAda, id: job.id, singleton: true as const, transaction: client }
    await expect(engine.jobs.enqueue('sync', {}, request)).rejects.toMatchObject({
      code: 'id_taken',
    })
    await client.query('commit')

    const mine = await engine.jobs.enqueue('sync', {}, { ...asAda, singleton: true })
    expect(mine).toMatchObject({ job: { ownerId: 'ada' }, replayed: false })
  })

  it('stand among others in one call, and leave nothing behind when they are deleted', async () => {
    const engine = await testEngine([testJob('sync', () => null)])
    const item = { type: 'sync', input: {} }
    const single = { ...item, singleton: true as const }
    const made = await engine.jobs.enqueueMany([item, single, item, single], asAda)
    expect(made.map(({ replayed }) => replayed)).toEqual([false, false, false, true])
    expect(made[3]!.job.id).toBe(made[1]!.job.id)
    await engine.jobs.cancel({ ...asAda, id: made[1]!.job.id })
    await engine.jobs.delete(ada, made[1]!.job.id)
    expect(await engine.db.query('select from longhaul.singletons')).toEqual([])
  })

  it('are refused together with what contradicts them', async () => {
    const engine = await testEngine([testJob('sync', () => null)])
    for (const options of [
      { singleton: '' },
      { singleton: true as const, idempotencyKey: 'k' },
      { debounce: '1s' as const, delay: 5 },
      { debounce: 'soon' as never },
    ]) {
      await expect(engine.jobs.enqueue('sync', {}, { ...asAda, ...options })).rejects.toMatchObject(
        { code: 'invalid_input' },
      )
    }
  })
})

describe('debounced jobs', () => {
  it('G-28: run once, with the last input, when nobody has asked for a while', async () => {
    const ran: unknown[] = []
    const engine = await testEngine([testJob('reindex', ({ input }) => void ran.push(input))])
    const ask = async (input: object): Promise<string> =>
      (await engine.jobs.enqueue('reindex', input, { ...asAda, debounce: '1h' })).job.id
    const first = await ask({ n: 1 })
    expect(await ask({ n: 2 })).toBe(first)
    expect(await engine.job(first)).toMatchObject({ status: 'queued', input: { n: 2 } })
    const before = await engine.job(first)
    expect(await ask({ n: 3 })).toBe(first)
    const after = await engine.job(first)
    expect(after.version).toBe(before.version + 1)
    expect(Date.parse(after.runAt)).toBeGreaterThanOrEqual(Date.parse(before.runAt))

    await engine.db.query('update longhaul.jobs set promote_at = now()')
    await engine.startWorker()
    await engine.until(first, 'completed')
    expect(ran).toEqual([{ n: 3 }])
  })

  it('G-28: are as the version of their type has it that was asked last, and in its queue', async () => {
    const version = (number: number, options: Parameters<typeof testJob>[2]) =>
      testJob('reindex', () => number, { version: number, ...options })
    const expiresAfter = { completed: '3d', failed: '2d', cancelled: '1d' } as const
    const next = version(2, {
      queue: 'search',
      retry: { attempts: 7 },
      cancelGrace: '1m',
      expiresAfter,
    })
    const engine = await testEngine([version(1, { queue: 'old' })])
    const newer = createJobs({
      ...engine,
      definitions: new Map([['reindex', next]]),
      makeId: randomUUID,
    })
    const debounced = { ...asAda, debounce: '1h' } as const
    const { job } = await engine.jobs.enqueue('reindex', { n: 1 }, debounced)
    const { id } = job
    expect((await newer.enqueue('reindex', { n: 2 }, debounced)).job).toMatchObject({
      id,
      queue: 'search',
      maxAttempts: 7,
    })
    await newer.enqueue('reindex', { n: 3 }, asAda)
    const policies = await engine.db.query(
      `select distinct max_attempts, attempts_per_retry, cancel_grace, expires_after, failed_expires_after,
              cancelled_expires_after
       from longhaul.jobs`,
    )
    expect(policies).toHaveLength(1)

    await engine.db.query('update longhaul.jobs set promote_at = now() where id = $1', [id])
    await engine.startWorker({ definitions: [next] })
    expect(await engine.until(id, 'completed')).toMatchObject({ result: 2 })
  })

  it('make another job once the first has begun, so that no input is lost', async () => {
    const gate = deferred()
    const engine = await testEngine([testJob('reindex', () => gate.promise)])
    await engine.startWorker()
    const ask = async (debounce: number): Promise<string> =>
      (await engine.jobs.enqueue('reindex', {}, { ...asAda, debounce })).job.id
    const first = await ask(0)
    await engine.until(first, 'running')
    const second = await ask(3_600_000)
    expect(second).not.toBe(first)
    expect(await ask(3_600_000)).toBe(second)
    gate.resolve()
  })

  it('make another job also when the first has begun and sleeps', async () => {
    const engine = await testEngine([testJob('reindex', ({ sleep }) => sleep('1h'))])
    await engine.startWorker()
    const ask = async (debounce: number): Promise<string> =>
      (await engine.jobs.enqueue('reindex', { debounce }, { ...asAda, debounce })).job.id
    const first = await ask(0)
    await engine.until(first, 'waiting')
    expect(await ask(3_600_000)).not.toBe(first)
    expect((await engine.job(first)).input).toEqual({ debounce: 0 })
  })
})

it('G-13: many who wait for the transaction of one who asks for the same keep no stranger waiting', async () => {
  const engine = await testEngine([testJob('sync', () => null), testJob('other', () => null)])
  const stranger = await engine.enqueue('other')
  const client = await engine.db.connect()
  await client.query('begin')
  const held = { ...asAda, singleton: true as const }
  const { job } = await engine.jobs.enqueue('sync', {}, { ...held, transaction: client })
  // More than there are connections.
  const asks = Array.from({ length: 20 }, () => engine.jobs.enqueue('sync', {}, held))
  await expect
    .poll(async () => {
      const [row] = await engine.db.query(
        `select count(*)::int as waiting from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock'`,
      )
      return row!['waiting']
    })
    .toBe(3)

  for (let n = 0; n < 10; n += 1) {
    await engine.jobs.get(ada, stranger)
    await engine.enqueue('other')
  }
  await client.query('commit')
  const ids = (await Promise.all(asks)).map((asked) => asked.job.id)
  expect(new Set(ids)).toEqual(new Set([job.id]))
})

it('who waits in vain for the transaction of another who asks for the same is told what to do', async () => {
  const definition = testJob('sync', () => null)
  const { db, hints } = await testEngine([definition])
  const jobs = createJobs({
    db,
    hints,
    definitions: new Map([['sync', definition]]),
    makeId: randomUUID,
    enqueuer: { patienceMs: 60 },
  })
  const client = await db.connect()
  await client.query('begin')
  const requests = [{ idempotencyKey: 'k' }, { id: randomUUID() }, { singleton: true as const }]
  for (const options of requests) {
    await jobs.enqueue('sync', {}, { ...asAda, ...options, transaction: client })
    await expect(jobs.enqueue('sync', {}, { ...asAda, ...options })).rejects.toMatchObject({
      code: 'lock_timeout',
      status: 503,
      retryable: true,
    })
  }
  await client.query('commit')
  for (const options of requests) {
    const { replayed } = await jobs.enqueue('sync', {}, { ...asAda, ...options })
    expect(replayed).toBe(true)
  }
})
