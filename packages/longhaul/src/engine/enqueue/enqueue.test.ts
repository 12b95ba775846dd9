import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ada, bob, grace, newJob } from '../../../test/database.js'
import { silent, testEngine, testJob } from '../../../test/engine.js'
import { defineJob, LonghaulError } from '../../core/index.js'
import {
  createHints,
  findJob,
  type Hint,
  insertJobs,
  type OwnDatabase,
  type Query,
} from '../../postgres/index.js'
import { createJobs } from '../create-jobs.js'
import { createEnqueuer } from './enqueuer.js'

const noop = testJob('noop', () => null)
const trip = defineJob('trip', {
  input: z.object({ to: z.string(), days: z.coerce.number().default(3) }),
  result: z.null(),
  run: () => null,
})
const id = '0190a1b2-0000-7000-8000-000000000001'

describe('enqueueing', () => {
  it('answers with the job as it stands in the database', async () => {
    const { jobs, db } = await testEngine([trip])
    const { job, epoch, replayed } = await jobs.enqueue(
      'trip',
      { to: 'Lisbon' },
      { principal: ada, priority: 7, tags: ['x'], metadata: { from: 'test' }, delay: '1h' },
    )
    const [row] = await db.run(findJob(ada, job.id))
    const { epoch: rowEpoch, ...stored } = row!
    expect(job).toEqual(stored)
    expect(epoch).toBe(rowEpoch)
    expect(replayed).toBe(false)
    expect(job).toMatchObject({ input: { to: 'Lisbon', days: 3 }, priority: 7, version: 1 })
  })

  it('keeps an input of null', async () => {
    const engine = await testEngine([noop])
    const job = await engine.job(await engine.enqueue('noop', null))
    expect(job.input).toBeNull()
  })

  it('G-02: takes the job back when the transaction that enqueued it rolls back', async () => {
    const { jobs, db } = await testEngine([noop])
    const client = await db.connect()
    await client.query('begin')
    const { job } = await jobs.enqueue('noop', {}, { principal: ada, transaction: client })
    await expect(jobs.get(ada, job.id)).rejects.toMatchObject({ code: 'job_not_found' })
    await client.query('rollback')
    expect(await db.query('select from longhaul.jobs')).toEqual([])
  })

  it('makes the job visible when the transaction that enqueued it commits, and no setting stays behind', async () => {
    const { jobs, db } = await testEngine([noop])
    const client = await db.connect()
    await client.query('begin')
    const { job } = await jobs.enqueue('noop', {}, { principal: ada, transaction: client })
    const { rows } = await client.query('show lock_timeout')
    expect(rows).toEqual([{ lock_timeout: '0' }])
    await client.query('commit')
    expect((await jobs.get(ada, job.id)).value.id).toBe(job.id)
  })

  it('F26, G-03: makes one job of 500 concurrent requests with one key, and answers all with it', async () => {
    const { jobs, db } = await testEngine([noop])
    const answers = await Promise.all(
      Array.from({ length: 500 }, () =>
        jobs.enqueue('noop', { a: 1, b: 2 }, { principal: ada, idempotencyKey: 'k' }),
      ),
    )
    expect(new Set(answers.map(({ job }) => job.id)).size).toBe(1)
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1)
    expect(await db.query('select from longhaul.jobs')).toHaveLength(1)
  })

  it('takes a request in another order of members for the same', async () => {
    const { jobs } = await testEngine([noop])
    const options = { principal: ada, idempotencyKey: 'k' }
    await jobs.enqueue('noop', { a: 1, b: { c: 2, d: 3 } }, options)
    expect((await jobs.enqueue('noop', { b: { d: 3, c: 2 }, a: 1 }, options)).replayed).toBe(true)
  })

  it('B20: refuses another request under the same key or id, and keeps the first', async () => {
    const { jobs, db } = await testEngine([noop])
    await jobs.enqueue('noop', { a: 1 }, { principal: ada, idempotencyKey: 'k' })
    await jobs.enqueue('noop', { a: 1 }, { principal: ada, id })
    for (const same of [{ idempotencyKey: 'k' }, { id }]) {
      await expect(
        jobs.enqueue('noop', { a: 2 }, { principal: ada, ...same }),
      ).rejects.toMatchObject({
        code: 'idempotency_mismatch',
      })
      await expect(
        jobs.enqueue('noop', { a: 1 }, { principal: ada, ...same, priority: 1 }),
      ).rejects.toMatchObject({ code: 'idempotency_mismatch' })
    }
    expect(await db.query('select from longhaul.jobs')).toHaveLength(2)
  })

  it('tells another owner of the tenant only that the id is taken, and another tenant nothing', async () => {
    const { jobs } = await testEngine([noop])
    await jobs.enqueue('noop', { secret: 'of ada' }, { principal: ada, id })
    const refused = await jobs
      .enqueue('noop', {}, { principal: bob, id })
      .catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'id_taken' })
    expect(JSON.stringify(refused)).not.toContain('ada')
    expect((await jobs.enqueue('noop', {}, { principal: grace, id })).replayed).toBe(false)
  })

  it('G-13: fails only the one bad row among 500', async () => {
    const { db } = await testEngine([noop])
    const hints = createHints({ db, connection: db.connection, logger: silent })
    const enqueuer = createEnqueuer(db, hints)
    const requests = Array.from({ length: 500 }, (_, n) => ({
      // Past all checks, the database itself refuses this one.
      row: newJob({ input: n === 123 ? '{"a":"\\u0000"}' : '{}' }),
      input: {},
    }))
    const outcomes = await Promise.allSettled(requests.map((request) => enqueuer.enqueue(request)))
    expect(
      outcomes.map(({ status }, n) => (status === 'rejected' ? n : -1)).filter((n) => n >= 0),
    ).toEqual([123])
    expect(await db.query('select count(*)::int as jobs from longhaul.jobs')).toEqual([
      { jobs: 499 },
    ])
    await hints.close()
  })

  it('lets only the request wait whose key is in somebody’s open transaction', async () => {
    const { jobs, db } = await testEngine([noop])
    const other = await db.connect()
    await other.query('begin')
    const { text, values } = insertJobs([newJob({ idempotencyKey: 'contested' })])
    await other.query(text, [...values])

    const done: number[] = []
    const all = Array.from({ length: 50 }, async (_, n) => {
      const key = n === 25 ? 'contested' : `k${n}`
      const { replayed } = await jobs.enqueue('noop', {}, { principal: ada, idempotencyKey: key })
      done.push(n)
      return replayed
    })
    await Promise.all(all.filter((_, n) => n !== 25))
    expect(done).toHaveLength(49)
    await other.query('rollback')
    expect(await all[25]).toBe(false)
  })

  it.each<[string, object, string]>([
    ['a priority out of range', { priority: 1001 }, '/priority'],
    ['a priority that is no whole number', { priority: 1.5 }, '/priority'],
    ['an id that is no UUID', { id: 'trip-1' }, '/id'],
    ['an empty key', { idempotencyKey: '' }, '/idempotencyKey'],
    ['a key that is too long', { idempotencyKey: 'é'.repeat(128) }, '/idempotencyKey'],
    ['a key with U+0000', { idempotencyKey: 'a\0' }, '/idempotencyKey'],
    ['a time without an offset', { runAt: '2027-01-01T00:00:00' }, '/runAt'],
    ['a time in the far future', { runAt: '9999-01-01T00:00:00Z' }, '/runAt'],
    ['a time that is none', { runAt: new Date(Number.NaN) }, '/runAt'],
    ['a time and a delay', { runAt: '2027-01-01T00:00:00Z', delay: '1s' }, '/delay'],
    ['a negative delay', { delay: -1 }, '/delay'],
    ['a delay of centuries', { delay: 1e15 }, '/delay'],
    ['too many tags', { tags: Array.from({ length: 21 }, (_, n) => `t${n}`) }, '/tags'],
    ['a tag that is no name', { tags: ['Not a Name'] }, '/tags'],
    ['tags that are a text', { tags: 'abc' as never }, '/tags'],
    ['tags that are null', { tags: null as never }, '/tags'],
    ['secrets that are null', { secrets: null as never }, '/secrets'],
    ['secrets that are a text', { secrets: 'abc' as never }, '/secrets'],
    ['secrets that are a list', { secrets: ['abc'] as never }, '/secrets'],
  ])('refuses %s and names the option', async (_, options, pointer) => {
    const { jobs, db } = await testEngine([noop])
    await expect(jobs.enqueue('noop', {}, { principal: ada, ...options })).rejects.toMatchObject({
      code: 'invalid_input',
      issues: [expect.objectContaining({ pointer })],
    })
    expect(await db.query('select from longhaul.jobs')).toEqual([])
  })

  it('refuses an input that the schema refuses, with a pointer into it', async () => {
    const { jobs } = await testEngine([trip])
    await expect(jobs.enqueue('trip', { to: 5 }, { principal: ada })).rejects.toMatchObject({
      code: 'invalid_input',
      issues: [{ pointer: '/input/to' }],
    })
    await expect(jobs.enqueue('cruise', {}, { principal: ada })).rejects.toMatchObject({
      code: 'unknown_job_type',
    })
  })

  it('refuses a principal that cannot be stored', async () => {
    const { jobs } = await testEngine([noop])
    for (const principal of [
      { ...ada, tenantId: '' },
      { ...ada, userId: 'é'.repeat(33) },
      { ...ada, tenantId: 'a\0b' },
    ]) {
      await expect(jobs.enqueue('noop', {}, { principal })).rejects.toMatchObject({
        code: 'invalid_configuration',
      })
    }
  })

  it('answers with the one job when the answer to its insert was lost', async () => {
    const engine = await testEngine([noop])
    let lost = false
    const db: OwnDatabase = {
      ...engine.db,
      async run<Row>(query: Query<Row>) {
        const rows = await engine.db.run(query)
        if (lost || !query.text.includes('insert into longhaul.jobs')) return rows
        lost = true
        throw new LonghaulError('database_unavailable', 'The answer was lost.')
      },
    }
    const heard: Hint[] = []
    engine.hints.subscribe((hint) => heard.push(hint))
    const definitions = new Map([['noop', noop]])
    const jobs = createJobs({ db, hints: engine.hints, definitions, makeId: randomUUID })

    const { job, replayed } = await jobs.enqueue('noop', {}, { principal: ada })

    expect(replayed).toBe(false)
    expect(await engine.db.query('select id from longhaul.jobs')).toEqual([{ id: job.id }])
    expect(heard.flatMap(({ queues }) => queues ?? [])).toEqual(['noop'])
  })
})

describe('enqueueing many', () => {
  const items = (count: number): { type: 'noop'; input: number }[] =>
    Array.from({ length: count }, (_, n) => ({ type: 'noop', input: n }))

  it('makes all of them, in their order, and wakes whoever runs them', async () => {
    const engine = await testEngine([noop])
    await engine.startWorker()
    const enqueued = await engine.jobs.enqueueMany(items(1203), { principal: ada })
    expect(enqueued.map(({ job }) => job.input)).toEqual(items(1203).map(({ input }) => input))
    await engine.until(enqueued.at(-1)!.job.id, 'completed')
  })

  it('makes none when one is refused, and says which', async () => {
    const engine = await testEngine([trip])
    const good = { type: 'trip', input: { to: 'Lisbon' } }
    const bad = { type: 'trip', input: { to: 7 } }
    await expect(
      engine.jobs.enqueueMany([good, good, bad], { principal: ada }),
    ).rejects.toMatchObject({ code: 'invalid_input', issues: [{ pointer: '/2/input/to' }] })
    await engine.jobs.enqueue('trip', good.input, { principal: bob, id })
    await expect(
      engine.jobs.enqueueMany([good, { ...good, id }], { principal: ada }),
    ).rejects.toMatchObject({ code: 'id_taken' })
    expect(await engine.db.query('select owner_id from longhaul.jobs')).toEqual([
      { owner_id: 'bob' },
    ])
  })

  it('answers a repeated request with the same jobs', async () => {
    const engine = await testEngine([noop])
    const list = items(3).map((item) => ({ ...item, id: randomUUID() }))
    await engine.jobs.enqueueMany(list, { principal: ada })
    const again = await engine.jobs.enqueueMany(list, { principal: ada })
    expect(again.map(({ job, replayed }) => ({ id: job.id, replayed }))).toEqual(
      list.map((item) => ({ id: item.id, replayed: true })),
    )
    expect(await engine.db.query('select from longhaul.jobs')).toHaveLength(3)
  })

  it('is repeated by many at once, and by two that name the jobs in another order', async () => {
    const engine = await testEngine([noop])
    const list = items(1000).map((item) => ({ ...item, id: randomUUID() }))
    const turned = [...list.slice(500), ...list.slice(0, 500)]
    const both = [list, turned].map((each) => engine.jobs.enqueueMany(each, { principal: ada }))
    const [first, second] = await Promise.all(both)
    expect(second!.map(({ job }) => job.id)).toEqual(turned.map((item) => item.id))
    expect(first).toHaveLength(1000)

    const one = list.slice(0, 1)
    const again = await Promise.all(
      Array.from({ length: 40 }, () => engine.jobs.enqueueMany(one, { principal: ada })),
    )
    expect(again.every(([enqueued]) => enqueued!.replayed)).toBe(true)
    expect(await engine.db.query('select from longhaul.jobs')).toHaveLength(1000)
  })

  it('belongs to the caller’s transaction when one is given', async () => {
    const engine = await testEngine([noop])
    const client = await engine.db.connect()
    await client.query('begin')
    await engine.jobs.enqueueMany(items(2), { principal: ada, transaction: client })
    await client.query('rollback')
    expect(await engine.db.query('select from longhaul.jobs')).toEqual([])
  })

  it('takes no more than it can', async () => {
    const engine = await testEngine([noop])
    await expect(engine.jobs.enqueueMany(items(10_001), { principal: ada })).rejects.toMatchObject({
      code: 'payload_too_large',
    })
  })
})
