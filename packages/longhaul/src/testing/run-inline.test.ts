import pg from 'pg'
import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { testDatabase } from '../../test/database.js'
import { defineJob, JobFailure } from '../core/index.js'
import { fromPg } from '../transactions/from-pg.js'
import { runInline } from './run-inline.js'

describe('a job run inline', () => {
  it('ends with its result, and shows its steps, progress and streams', async () => {
    const greet = defineJob('greet', {
      input: z.object({ name: z.string() }),
      result: z.string(),
      async run({ input, step, progress, stream }) {
        progress(40, 'Greeting')
        stream.write('Hello')
        return await step('greet', () => `Hello, ${input.name}!`)
      },
    })
    const job = await runInline(greet, { name: 'Ada' })
    expect(job).toMatchObject({ status: 'completed', result: 'Hello, Ada!', attempt: 1 })
    expect(job.progress).toEqual([{ percent: 40, stage: 'Greeting' }])
    expect(job.steps).toMatchObject([{ key: 'greet', status: 'completed', runs: 1 }])
    expect(job.stream()).toEqual(['Hello'])
    await expect(runInline(greet, { name: 1 as never })).rejects.toMatchObject({
      code: 'invalid_input',
    })
  })

  it('waits until its clock is moved, and runs no finished step again', async () => {
    let runs = 0
    const nap = defineJob('nap', {
      input: z.object({}),
      result: z.number(),
      async run({ step, sleep, stream }) {
        await step('before', () => {
          runs += 1
          stream.write('before')
        })
        await sleep('1h')
        stream.write('after')
        return runs
      },
    })
    const job = await runInline(nap, {})
    expect(job.status).toBe('waiting')
    expect(job.wakesInMs).toBeCloseTo(3_600_000, -2)
    await job.advance('59m')
    expect(job.status).toBe('waiting')
    await job.advance()
    expect(job).toMatchObject({ status: 'completed', result: 1, attempt: 1 })
    expect(job.stream()).toEqual(['before', 'after'])
  })

  it('receives signals, also those that come first, and times out without', async () => {
    const approval = defineJob('approval', {
      input: z.object({}),
      result: z.string(),
      async run({ waitForSignal }) {
        const by = await waitForSignal('approved', { timeout: '1d', schema: z.string() })
        return by ?? 'nobody'
      },
    })
    const asked = await runInline(approval, {})
    await asked.signal('other')
    expect(asked.status).toBe('waiting')
    await asked.signal('approved', 'Ada')
    expect(asked.result).toBe('Ada')

    expect((await runInline(approval, {}, { signals: { approved: 'Bob' } })).result).toBe('Bob')

    const late = await runInline(approval, {})
    await late.advance('1d')
    expect(late.result).toBe('nobody')

    const cancelled = await runInline(approval, {})
    await cancelled.cancel()
    await cancelled.signal('approved', 'Ada')
    expect(cancelled.status).toBe('cancelled')
  })

  it('is cleaned up after when it is cancelled, until that is done', async () => {
    const released: unknown[] = []
    const booking = defineJob('booking', {
      input: z.object({ seat: z.string() }),
      result: z.unknown(),
      retry: { attempts: 3 },
      async run({ input, step, waitForSignal }) {
        await step('reserve', () => `reservation of ${input.seat}`)
        return waitForSignal('paid')
      },
      onCancel({ steps, cancellation, run }) {
        if (run === 1) throw new Error('the airline is away')
        released.push(steps.get('reserve'), cancellation.reason)
      },
    })
    const job = await runInline(booking, { seat: '12A' })
    await job.cancel('changed my mind')
    expect(job.status).toBe('cancelled')
    expect(released).toEqual(['reservation of 12A', 'changed my mind'])
  })

  it('gets the secrets that the test gives, and does not show them', async () => {
    const call = defineJob('call', {
      input: z.object({}),
      result: z.string().optional(),
      run: ({ secrets }) => secrets.get('openai'),
    })
    const job = await runInline(call, {}, { secrets: { openai: 'sk-live-0123' } })
    expect(job.result).toBe('[secret]')
    expect((await runInline(call, {})).result).toBeNull()
  })

  it('is tried again as its policy says, and fails with the last error', async () => {
    const flaky = defineJob('flaky', {
      input: z.object({ failures: z.number() }),
      result: z.number(),
      retry: { attempts: 3, minDelay: '1h' },
      async run({ input, job, step }) {
        await step('once', () => undefined)
        if (job.attempt > input.failures) return job.attempt
        throw new JobFailure('Not yet.', { code: 'not_yet' })
      },
    })
    const job = await runInline(flaky, { failures: 2 })
    expect(job.failures).toHaveLength(1)
    await job.advance()
    await job.advance()
    expect(job).toMatchObject({ status: 'completed', result: 3 })
    expect(job.steps).toMatchObject([{ key: 'once', runs: 1 }])

    const hopeless = await runInline(flaky, { failures: 9 })
    await hopeless.advance()
    await hopeless.advance()
    expect(hopeless).toMatchObject({ status: 'failed', error: { code: 'not_yet' }, attempt: 3 })
  })

  it('commits what a step writes in a transaction of the app, once', async () => {
    const db = await testDatabase()
    await db.query('create table public.orders (attempt integer)')
    const pool = new pg.Pool(db.connection)
    onTestFinished(() => pool.end())
    const order = defineJob('order', {
      input: z.object({}),
      result: z.string(),
      retry: { minDelay: 0 },
      async run({ step, job }) {
        const insert = 'insert into public.orders values ($1)'
        const saved = await step('save', { transaction: fromPg(pool) }, async (client) => {
          await client.query(insert, [job.attempt])
          if (job.attempt === 1) throw new Error('not yet')
          return `saved by attempt ${job.attempt}`
        })
        if (job.attempt === 2) throw new Error('after it')
        return saved
      },
    })
    const job = await runInline(order, {})
    await job.advance()
    await job.advance()
    expect(job).toMatchObject({ status: 'completed', result: 'saved by attempt 2', attempt: 3 })
    expect(job.steps).toMatchObject([{ key: 'save', status: 'completed', runs: 2 }])
    expect(await db.query('select attempt from public.orders')).toEqual([{ attempt: 2 }])
  })
})

describe('a job run inline that spawns others', () => {
  const page = defineJob('page', {
    input: z.object({ n: z.number() }),
    result: z.string(),
    retry: { attempts: 2, minDelay: '1m' },
    async run({ input: { n }, job, sleep, secrets }) {
      if (n === 1) await sleep('1h')
      if (n === 2 && job.attempt === 1) throw new Error('a blot')
      if (n === 3) throw new JobFailure('Torn.', { code: 'torn', retryable: false })
      return `page ${n}, by ${(await secrets.get('author')) ?? 'nobody'}`
    },
  })
  const book = defineJob('book', {
    input: z.object({ pages: z.array(z.number()) }),
    result: z.array(z.string()),
    async run({ input, spawn, spawnAll }) {
      const title = await spawn(page, { n: 0 }, { key: 'title', secrets: { author: 'Ada' } })
      const pages = await spawnAll(input.pages.map((n) => ({ job: page, input: { n } })))
      return [title, ...pages]
    },
  })

  it('has them run on its own clock, and gets their typed results', async () => {
    const job = await runInline(book, { pages: [1, 2] }, { jobs: [page] })
    expect(job.status).toBe('waiting')
    expect(job.wakesInMs).toBeLessThan(3_600_000)
    expect(job.children.map(({ status }) => status)).toEqual(['completed', 'waiting', 'queued'])
    await job.advance()
    expect(job.children[2]).toMatchObject({ status: 'completed', attempt: 2 })
    await job.advance()
    expect(job).toMatchObject({
      status: 'completed',
      result: ['page 0, by Ada', 'page 1, by nobody', 'page 2, by nobody'],
      attempt: 1,
    })
    expect(job.steps.map(({ key, runs }) => `${key}: ${runs}`)).toEqual([
      'page:title: 1',
      'page: 1',
      'page#2: 1',
    ])
  })

  it('fails with what one of them failed with, once the others have settled', async () => {
    const job = await runInline(book, { pages: [1, 3] }, { jobs: [page] })
    expect(job.status).toBe('waiting')
    await job.advance('1h')
    expect(job).toMatchObject({
      status: 'failed',
      error: { code: 'child_failed', context: { childType: 'page', error: { code: 'torn' } } },
    })
  })

  it('is cancelled with them, and hears when one of them was', async () => {
    const job = await runInline(book, { pages: [1] }, { jobs: [page] })
    await job.cancel()
    expect(job.children[1]!.status).toBe('cancelled')
    const other = await runInline(book, { pages: [1] }, { jobs: [page] })
    await other.children[1]!.cancel()
    expect(other.error).toMatchObject({ code: 'child_cancelled' })
  })

  it('has to be given the types of what it spawns', async () => {
    const job = await runInline(book, { pages: [] })
    expect(job.error).toMatchObject({ code: 'unknown_job_type' })
    const wrong = await runInline(book, { pages: ['one' as never] }).catch(
      (error: unknown) => error,
    )
    expect(wrong).toMatchObject({ code: 'invalid_input' })
  })

  it('can send each of them a signal, and spawn itself', async () => {
    const tree = defineJob('tree', {
      input: z.object({ depth: z.number() }),
      result: z.number(),
      async run({ input: { depth }, spawn, waitForSignal }) {
        if (depth > 0) return 1 + Number(await spawn('tree', { depth: depth - 1 }))
        return (await waitForSignal('height', { schema: z.number() })) ?? 0
      },
    })
    const job = await runInline(tree, { depth: 2 })
    await job.children[0]!.children[0]!.signal('height', 40)
    expect(job.result).toBe(42)
  })
})
