import { describe, expect, it } from 'vitest'
import { ada } from '../../../test/database.js'
import { deferred, type TestEngine, testEngine, testJob } from '../../../test/engine.js'
import { unreliable } from '../../../test/unreliable.js'
import { failOverdueJobs } from '../../postgres/index.js'
import { createVault } from '../secrets/vault.js'
import { continueCascades } from './continue-cascades.js'

const perPiece = 200
/** A piece, and the jobs whose children they are. */
const perTransaction = 2 * perPiece

const book = testJob('book', () => null)
const page = testJob('page', () => null)

async function enqueueBook({ jobs }: TestEngine, pages: number): Promise<string> {
  const items = Array.from({ length: pages }, (_, input) => ({ type: 'page', input }))
  return (await jobs.enqueue('book', {}, { principal: ada, items })).job.id
}

async function statuses({ db }: TestEngine, type: string): Promise<Record<string, unknown>> {
  const rows = await db.query(
    'select status, count(*)::int as jobs from longhaul.jobs where type = $1 group by status',
    [type],
  )
  return Object.fromEntries(rows.map(({ status, jobs }) => [status, jobs]))
}

async function untilOver({ db }: TestEngine): Promise<void> {
  while ((await db.query('select from longhaul.cascades')).length > 0)
    await new Promise(setImmediate)
}

/** From now on. */
async function mostJobsChanged({ db }: TestEngine): Promise<() => Promise<number>> {
  await db.query(`
    create table public.changes (transaction xid8, jobs bigint);
    create function public.count_changes() returns trigger language plpgsql as $$
    begin
      insert into public.changes select pg_current_xact_id(), count(*) from changed;
      return null;
    end
    $$;
    create trigger count_changes after update on longhaul.jobs
      referencing new table as changed
      for each statement execute function public.count_changes();`)
  return async () => {
    const [row] = await db.query(
      `select max(jobs)::int as most
       from (select sum(jobs) as jobs from public.changes group by transaction) as each`,
    )
    return Number(row!['most'])
  }
}

describe('cancelling a job with thousands of children', () => {
  it.each<[string, (engine: TestEngine, id: string) => Promise<unknown>]>([
    ['by its id', ({ jobs }, id) => jobs.cancel({ principal: ada, id })],
    [
      'by a filter',
      ({ jobs }) => jobs.cancelMany({ principal: ada, selection: { type: ['book'] } }),
    ],
  ])(
    'G-30, G-60: is acknowledged at once, and no transaction changes more than a piece of them, %s',
    async (_, cancel) => {
      const engine = await testEngine([book, page])
      const id = await enqueueBook(engine, 2500)
      const most = await mostJobsChanged(engine)
      await cancel(engine, id)
      expect((await engine.job(id)).status).toBe('cancelled')
      expect(await statuses(engine, 'page')).toEqual({ cancelled: perPiece, queued: 2300 })

      await Promise.all([engine.startWorker(), engine.startWorker()])
      await untilOver(engine)
      expect(await statuses(engine, 'page')).toEqual({ cancelled: 2500 })
      expect(await most()).toBeLessThanOrEqual(perTransaction)
      const requests = await engine.db.query(
        `select count(*)::int as requests, count(distinct job_id)::int as jobs
         from longhaul.cancellations where requested_by = 'ada' and status = 'processed'`,
      )
      expect(requests).toEqual([{ requests: 2501, jobs: 2501 }])
    },
  )

  it('G-60: goes on when processes die between the pieces, or do not hear that one was done', async () => {
    const engine = await testEngine([book, page])
    const id = await enqueueBook(engine, 1500)
    await engine.jobs.cancel({ principal: ada, id })
    const how = ['before', 'after', 'no'] as const
    let calls = 0
    const db = unreliable(engine.db, () => how[(calls += 1) % 3]!)
    for (let more = true; more;)
      more = await continueCascades(db).then(
        (piece) => piece.more,
        () => true,
      )
    expect(await statuses(engine, 'page')).toEqual({ cancelled: 1500 })
    expect(await engine.db.query('select from longhaul.cancellations')).toHaveLength(1501)
  })

  it('G-61: lets none of its children begin any more', async () => {
    const engine = await testEngine([book, page])
    const id = await enqueueBook(engine, 500)
    await engine.jobs.cancel({ principal: ada, id })
    const workerId = await engine.db.registerWorker()
    const handled = [{ type: 'page', version: 1 }]
    const claim = { workerId, queues: ['page'], handled, limit: 1000 }
    expect(await engine.db.claim(claim)).toEqual([])
    await continueCascades(engine.db)
    expect(await engine.db.claim(claim)).toEqual([])
    expect(await statuses(engine, 'page')).toEqual({ cancelled: 400, queued: 100 })
  })

  it('comes to those that its children have spawned', async () => {
    const engine = await testEngine([
      book,
      testJob('word', ({ sleep }) => sleep('1d')),
      testJob('page', ({ spawn }) => spawn('word', {})),
    ])
    await engine.startWorker({ concurrency: 50 })
    const id = await enqueueBook(engine, 300)
    while ((await statuses(engine, 'word'))['waiting'] !== 300) await new Promise(setImmediate)
    await engine.jobs.cancel({ principal: ada, id })
    await untilOver(engine)
    expect(await statuses(engine, 'word')).toEqual({ cancelled: 300 })
  })

  it('tells those of its children that run', async () => {
    const [begun, aborted] = [deferred(), deferred()]
    const last = testJob('last', async ({ signal }) => {
      signal.addEventListener('abort', () => aborted.resolve())
      begun.resolve()
      await aborted.promise
    })
    const engine = await testEngine([book, testJob('page', ({ sleep }) => sleep('1d')), last])
    const items = Array.from({ length: 400 }, (_, n) => ({
      type: n === 399 ? 'last' : 'page',
      input: n,
    }))
    const { job } = await engine.jobs.enqueue('book', {}, { principal: ada, items })
    await engine.startWorker()
    await begun.promise
    await engine.jobs.cancel({ principal: ada, id: job.id })
    await aborted.promise
    const [row] = await engine.db.query(`select id from longhaul.jobs where type = 'last'`)
    expect((await engine.until(String(row!['id']), 'cancelled')).attempt).toBe(1)
    await untilOver(engine)
  })
})

describe('a job whose children are still being cancelled', () => {
  it('is not retried before that is over', async () => {
    const engine = await testEngine([book, page])
    const id = await enqueueBook(engine, 450)
    await engine.jobs.cancel({ principal: ada, id })
    await expect(engine.jobs.retry(ada, id)).rejects.toMatchObject({ code: 'invalid_state' })
    const books = { principal: ada, selection: { type: ['book'] } }
    expect(await engine.jobs.retryMany(books)).toMatchObject({ done: 0, left: 0 })
    while ((await continueCascades(engine.db)).more);
    expect((await engine.jobs.retry(ada, id)).value.status).toBe('queued')
  })

  it('is not deleted before that is over', async () => {
    const engine = await testEngine([book, page])
    const id = await enqueueBook(engine, 450)
    await engine.jobs.cancel({ principal: ada, id })
    await expect(engine.jobs.delete(ada, id)).rejects.toMatchObject({ code: 'job_not_settled' })
    while ((await continueCascades(engine.db)).more);
    await engine.jobs.delete(ada, id)
    expect(await statuses(engine, 'page')).toEqual({ cancelled: 450 })
  })
})

describe('retrying a job with thousands of children', () => {
  it('G-31, G-60: is acknowledged at once, changes a piece of them in a transaction, and waits for all of them', async () => {
    const engine = await testEngine([
      testJob('book', ({ items: { total, completed } }) => ({ total, completed })),
      page,
    ])
    const id = await enqueueBook(engine, 2500)
    await engine.jobs.cancel({ principal: ada, id })
    while ((await continueCascades(engine.db)).more);

    const most = await mostJobsChanged(engine)
    await engine.jobs.retry(ada, id)
    expect((await engine.job(id)).status).toBe('queued')
    expect(await statuses(engine, 'page')).toEqual({ queued: perPiece, cancelled: 2300 })
    await Promise.all([1, 2].map(() => engine.startWorker({ concurrency: 50 })))
    expect(await engine.until(id, 'completed')).toMatchObject({
      result: { total: 2500, completed: 2500 },
      attempt: 1,
    })
    expect(await most()).toBeLessThanOrEqual(perTransaction)
  })

  it('G-60: holds back each that has children until these are retried, all the way down', async () => {
    let works = false
    const word = testJob(
      'word',
      () => {
        if (!works) throw new Error('blot')
      },
      { retry: { attempts: 1 } },
    )
    const pages = testJob('pages', ({ spawnAll }) =>
      spawnAll(Array.from({ length: 15 }, (_, n) => ({ job: 'word', input: n, key: `${n}` }))),
    )
    const all = testJob('all', ({ spawnAll }) =>
      spawnAll(Array.from({ length: 30 }, (_, n) => ({ job: 'pages', input: n, key: `${n}` }))),
    )
    const engine = await testEngine([word, pages, all])
    const worker = await engine.startWorker({ concurrency: 50 })
    const id = await engine.enqueue('all')
    await engine.until(id, 'failed')
    await worker.stop()

    works = true
    await engine.jobs.retry(ada, id)
    // It came to the 30 pages and to 170 words: to all those of 11 pages.
    expect(
      await engine.db.query(`select from longhaul.ready_jobs where type = 'pages'`),
    ).toHaveLength(11)
    await engine.startWorker({ concurrency: 50 })
    await engine.until(id, 'completed')
    expect(await statuses(engine, 'word')).toEqual({ completed: 450 })
  })

  it('takes as many as had secrets, which are given to one call alone', async () => {
    const vault = createVault([{ id: 'k1', key: Buffer.alloc(32, 7) }])
    const engine = await testEngine([book, page], { vault })
    const items = Array.from({ length: 300 }, (_, input) => ({
      type: 'page',
      input,
      ...(input === 7 ? { secrets: { key: 'x' } } : {}),
    }))
    const { job } = await engine.jobs.enqueue('book', {}, { principal: ada, items })
    await engine.jobs.cancel({ principal: ada, id: job.id })
    while ((await continueCascades(engine.db)).more);
    await expect(engine.jobs.retry(ada, job.id)).rejects.toMatchObject({ code: 'secret_required' })
    expect(await statuses(engine, 'page')).toEqual({ cancelled: 300 })
    await engine.jobs.retry(ada, job.id, { secrets: { key: 'y' } })
    expect(await statuses(engine, 'page')).toEqual({ queued: 300 })
  })

  it('G-60: goes on when it is retried again meanwhile, which is refused', async () => {
    const engine = await testEngine([book, page])
    const id = await enqueueBook(engine, 450)
    await engine.jobs.cancel({ principal: ada, id })
    while ((await continueCascades(engine.db)).more);
    await engine.jobs.retry(ada, id)
    await expect(engine.jobs.retry(ada, id)).rejects.toMatchObject({ code: 'invalid_state' })
    await engine.startWorker({ concurrency: 50 })
    await engine.until(id, 'completed')
    expect(await statuses(engine, 'page')).toEqual({ completed: 450 })
  })

  it('G-60: counts the time in which it has to start from when it is over', async () => {
    const engine = await testEngine([testJob('book', () => null, { startWithin: '1h' }), page])
    const id = await enqueueBook(engine, 450)
    await engine.jobs.cancel({ principal: ada, id })
    while ((await continueCascades(engine.db)).more);
    await engine.jobs.retry(ada, id)
    await engine.db.query(
      `update longhaul.jobs set start_by = start_by - interval '2 hours' where start_by is not null`,
    )
    expect(await engine.db.run(failOverdueJobs({ limit: 10 }))).toEqual([])
    while ((await continueCascades(engine.db)).more);
    const [counted] = await engine.db.query(
      `select start_by > now() as counted from longhaul.jobs where id = $1`,
      [id],
    )
    expect(counted).toEqual({ counted: true })
  })

  it('ends when it is cancelled meanwhile', async () => {
    const engine = await testEngine([book, page])
    const id = await enqueueBook(engine, 450)
    await engine.jobs.cancel({ principal: ada, id })
    while ((await continueCascades(engine.db)).more);
    await engine.jobs.retry(ada, id)
    await engine.jobs.cancel({ principal: ada, id })
    while ((await continueCascades(engine.db)).more);
    expect(await statuses(engine, 'page')).toEqual({ cancelled: 450 })
    expect((await engine.job(id)).status).toBe('cancelled')
    expect(await engine.db.query('select from longhaul.ready_jobs')).toEqual([])
  })
})
