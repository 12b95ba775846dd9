import { describe, expect, it } from 'vitest'
import { ada } from '../../../test/database.js'
import {
  deferred,
  type TestEngine,
  testEngine,
  testJob,
  untilAborted,
} from '../../../test/engine.js'
import { unreliable } from '../../../test/unreliable.js'
import type { Job, JobDefinition } from '../../core/index.js'
import { createEnqueuer } from '../enqueue/enqueuer.js'
import { asRequest } from '../enqueue/enqueue-request.js'
import { createErase } from '../erase.js'
import { asBatch } from './as-batch.js'

const noRetry = { retry: { attempts: 1 } }

/** An item gives its input back, or fails with it. */
const page = testJob(
  'page',
  ({ input }) => {
    if (input === 'torn') throw new Error('torn')
    return input
  },
  noRetry,
)

const book = testJob('book', async ({ items }) => {
  const { total, completed, failed, cancelled } = items
  const results: unknown[] = []
  for await (const item of items.jobs({ status: 'completed' })) results.push(item.result)
  return { total, completed, failed, cancelled, results: results.sort() }
})

const pages = (...inputs: unknown[]): { type: string; input: unknown }[] =>
  inputs.map((input) => ({ type: 'page', input }))

async function enqueueBook(
  engine: TestEngine,
  items: { type: string; input: unknown }[],
  options: { idempotencyKey?: string; deadline?: '1h' } = {},
): Promise<Job> {
  return (await engine.jobs.enqueue('book', {}, { principal: ada, items, ...options })).job
}

async function itemsOf(engine: TestEngine, id: string): Promise<{ id: string; status: string }[]> {
  const rows = await engine.db.query(
    'select id, status from longhaul.jobs where parent_id = $1 order by input, id',
    [id],
  )
  return rows as { id: string; status: string }[]
}

/** A type whose jobs end when the test says so. */
function held(): { readonly job: JobDefinition; end(input: unknown): void } {
  const gates = new Map<unknown, ReturnType<typeof deferred<void>>>()
  const gateOf = (input: unknown): ReturnType<typeof deferred<void>> => {
    const gate = gates.get(input) ?? deferred()
    gates.set(input, gate)
    return gate
  }
  return {
    job: testJob(
      'page',
      ({ input, signal }) => Promise.race([gateOf(input).promise, untilAborted(signal)]),
      noRetry,
    ),
    end: (input) => gateOf(input).resolve(),
  }
}

describe('a batch', () => {
  it('G-35: waits for its items, shows how many have settled, and then begins, with what has become of them', async () => {
    const { job, end } = held()
    const engine = await testEngine([book, job])
    await engine.startWorker()
    const batch = await enqueueBook(engine, pages(1, 2, 3))
    expect(batch).toMatchObject({ status: 'waiting', progress: 0, stage: '0/3' })

    end(1)
    await engine.untilJob(batch.id, ({ progress, stage }) => progress === 25 && stage === '1/3')
    end(2)
    expect(await engine.untilJob(batch.id, ({ progress }) => progress === 50)).toMatchObject({
      status: 'waiting',
      attempt: 0,
    })
    end(3)
    expect(await engine.until(batch.id, 'completed')).toMatchObject({
      result: { total: 3, completed: 3, failed: 0, cancelled: 0 },
      attempt: 1,
      progress: 100,
    })
    expect(await engine.db.query('select from longhaul.settled_items')).toEqual([])
    const claims = await engine.db.query('select fence from longhaul.jobs where id = $1', [
      batch.id,
    ])
    expect(claims).toEqual([{ fence: 1 }])
  })

  it('G-16: receives what was sent while it waited for its items', async () => {
    const { job, end } = held()
    const type = testJob('book', ({ waitForSignal }) => waitForSignal('approved'))
    const engine = await testEngine([type, job])
    await engine.startWorker()
    const batch = await enqueueBook(engine, pages(1))
    await engine.jobs.signal({ principal: ada, id: batch.id, name: 'approved', payload: 1 })
    end(1)
    expect(await engine.until(batch.id, 'completed')).toMatchObject({ result: 1, attempt: 1 })
  })

  it('begins also when items failed or were cancelled, and can read those that completed', async () => {
    const engine = await testEngine([book, page, testJob('nap', ({ sleep }) => sleep('1d'))])
    const batch = await enqueueBook(engine, [...pages('a', 'torn', 'b'), { type: 'nap', input: 0 }])
    await engine.startWorker()
    const nap = (await engine.db.query(`select id from longhaul.jobs where type = 'nap'`))[0]!
    await engine.jobs.cancel({ principal: ada, id: String(nap['id']) })
    expect(await engine.until(batch.id, 'completed')).toMatchObject({
      result: { total: 4, completed: 2, failed: 1, cancelled: 1, results: ['a', 'b'] },
    })
  })

  it('begins at once when it has no items, and a job that is no batch has none', async () => {
    const engine = await testEngine([book])
    await engine.startWorker()
    const batch = await enqueueBook(engine, [])
    const none = { total: 0, completed: 0, failed: 0, cancelled: 0, results: [] }
    expect(await engine.until(batch.id, 'completed')).toMatchObject({ result: none })
    const alone = await engine.enqueue('book')
    expect(await engine.until(alone, 'completed')).toMatchObject({ result: none })
  })

  it('G-35: is made whole or not at all, and once for each key', async () => {
    const engine = await testEngine([book, page])
    const key = { idempotencyKey: 'the book' }
    const [first, second] = await Promise.all([
      enqueueBook(engine, pages(1, 2), key),
      enqueueBook(engine, pages(1, 2), key),
    ])
    expect(second.id).toBe(first.id)
    await expect(enqueueBook(engine, pages(1, 3), key)).rejects.toMatchObject({
      code: 'idempotency_mismatch',
    })
    const wrong = enqueueBook(engine, [...pages(1), { type: 'nobody', input: 0 }])
    await expect(wrong).rejects.toMatchObject({ code: 'unknown_job_type' })
    expect(await engine.db.query('select count(*)::int as jobs from longhaul.jobs')).toEqual([
      { jobs: 3 },
    ])
  })

  it('G-35: is there once when the answer to its commit was lost', async () => {
    const engine = await testEngine([book, page])
    let isLost = true
    const { transaction } = unreliable(engine.db, () => (isLost ? 'after' : 'no'))
    const enqueuer = createEnqueuer({ ...engine.db, transaction }, engine.hints)
    const context = {
      definitions: new Map([book, page].map((each) => [each.type, each])),
      makeId: () => crypto.randomUUID(),
    }
    async function ask() {
      const options = { principal: ada, idempotencyKey: 'the book' }
      const job = await asRequest(context, 'book', {}, options)
      return enqueuer.enqueue(await asBatch(context, job, { items: pages(1, 2), options }))
    }
    await expect(ask()).rejects.toMatchObject({ code: 'database_unavailable' })
    isLost = false
    const { job, replayed } = await ask()
    expect(replayed).toBe(true)
    expect(await itemsOf(engine, job.id)).toHaveLength(2)
    expect(await engine.db.query('select from longhaul.jobs')).toHaveLength(3)
  })

  it('G-35: counts every item once, however many processes finish and count them at once', async () => {
    const engine = await testEngine([book, page])
    const items = pages(...Array.from({ length: 1200 }, (_, n) => n))
    const batch = await enqueueBook(engine, items)
    await Promise.all([1, 2, 3].map(() => engine.startWorker({ concurrency: 40 })))
    expect(await engine.until(batch.id, 'completed')).toMatchObject({
      result: { total: 1200, completed: 1200 },
    })
    // Once for each percent, and not for each item.
    expect((await engine.job(batch.id)).version).toBeLessThan(110)
  })

  it('G-35: goes on when the process dies that had an item', async () => {
    const engine = await testEngine([book, page])
    const batch = await enqueueBook(engine, pages(1, 2))
    const dead = await engine.db.registerWorker()
    const handled = [{ type: 'page', version: 1 }]
    await engine.db.claim({ workerId: dead, queues: ['page'], handled, limit: 1 })
    await engine.db.expireLease(dead)
    await engine.startWorker()
    expect(await engine.until(batch.id, 'completed')).toMatchObject({
      result: { completed: 1, failed: 1 }, // of one attempt each
    })
  })

  it('is cancelled with its items, and a retry waits for them again', async () => {
    const { job, end } = held()
    const engine = await testEngine([book, job])
    await engine.startWorker()
    const batch = await enqueueBook(engine, pages(1, 2, 3))
    const [first] = await itemsOf(engine, batch.id)
    end(1)
    await engine.until(first!.id, 'completed')
    await engine.jobs.cancel({ principal: ada, id: batch.id })
    const rest = (await itemsOf(engine, batch.id)).filter(({ id }) => id !== first!.id)
    for (const { id } of rest) await engine.until(id, 'cancelled')

    await engine.jobs.retry(ada, batch.id)
    await engine.untilJob(batch.id, ({ status, stage }) => status === 'waiting' && stage === '1/3')
    end(2)
    end(3)
    expect(await engine.until(batch.id, 'completed')).toMatchObject({
      result: { total: 3, completed: 3, failed: 0, cancelled: 0 },
    })
  })

  it('G-35: does not begin early when an item is retried meanwhile', async () => {
    const { job, end } = held()
    let isTorn = true
    const fragile = testJob(
      'fragile',
      () => {
        if (isTorn) throw new Error('torn')
      },
      noRetry,
    )
    const engine = await testEngine([book, job, fragile])
    await engine.startWorker()
    const items = [...pages(1), { type: 'fragile', input: 0 }]
    const batch = await enqueueBook(engine, items)
    const [torn] = await engine.db.query(`select id from longhaul.jobs where type = 'fragile'`)
    await engine.untilJob(batch.id, ({ progress }) => progress === 33)
    isTorn = false
    await engine.jobs.retry(ada, String(torn!['id']))
    await engine.until(String(torn!['id']), 'completed')
    end(1)
    expect(await engine.until(batch.id, 'completed')).toMatchObject({
      result: { total: 2, completed: 2, failed: 0 },
    })
  })

  it('counts anew when it is retried after its items were', async () => {
    let isTorn = true
    const fragile = testJob(
      'page',
      () => {
        if (isTorn) throw new Error('torn')
      },
      noRetry,
    )
    const strict = testJob(
      'book',
      ({ items }) => {
        if (items.failed > 0) throw new Error('incomplete')
      },
      noRetry,
    )
    const engine = await testEngine([strict, fragile])
    await engine.startWorker()
    const batch = await enqueueBook(engine, pages(1, 2))
    await engine.until(batch.id, 'failed')
    isTorn = false
    const [one] = await itemsOf(engine, batch.id)
    await engine.jobs.retry(ada, one!.id)
    await engine.until(one!.id, 'completed')
    // Looked at, and not counted: the batch has settled.
    while ((await engine.db.query('select from longhaul.settled_items')).length > 0)
      await new Promise(setImmediate)
    await engine.jobs.retry(ada, batch.id)
    await engine.until(batch.id, 'completed')
  })

  it('hands its deadline down to its items', async () => {
    const engine = await testEngine([book, page])
    const batch = await enqueueBook(engine, pages(1), { deadline: '1h' })
    const rows = await engine.db.query(
      'select distinct deadline_at from longhaul.jobs where id = $1 or parent_id = $1',
      [batch.id],
    )
    expect(rows).toHaveLength(1)
    expect(rows[0]!['deadline_at']).not.toBeNull()
  })

  it('says which item was refused, and what a batch cannot have', async () => {
    const engine = await testEngine([book, page])
    const ask = (options: object) =>
      engine.jobs.enqueue('book', {}, { principal: ada, items: pages(1), ...options })
    await expect(ask({ delay: '1h' })).rejects.toMatchObject({
      code: 'invalid_input',
      issues: [{ pointer: '/delay' }],
    })
    const twice = [
      { type: 'page', input: 1 },
      { type: 'page', input: 1, priority: 5000 },
    ]
    await expect(ask({ items: twice })).rejects.toMatchObject({
      code: 'invalid_input',
      issues: [{ pointer: '/items/1/priority' }],
    })
    const keyed = [{ type: 'page', input: 1, idempotencyKey: 'one' }]
    await expect(ask({ items: keyed })).rejects.toMatchObject({
      issues: [{ pointer: '/items/0/idempotencyKey' }],
    })
    const many = Array.from({ length: 50_001 }, () => ({ type: 'page', input: 1 }))
    await expect(ask({ items: many })).rejects.toMatchObject({ code: 'payload_too_large' })
    expect(await engine.db.query('select from longhaul.jobs')).toEqual([])
  })

  it('is erased with its owner, and leaves nothing behind', async () => {
    const engine = await testEngine([book, page])
    await enqueueBook(engine, pages(1, 'torn'))
    const erase = createErase(engine)
    await engine.startWorker()
    expect(await erase(ada, { tenantId: 'acme', userId: 'ada' })).toMatchObject({ left: 0 })
    expect(await engine.db.query('select from longhaul.jobs')).toEqual([])
  })
})
