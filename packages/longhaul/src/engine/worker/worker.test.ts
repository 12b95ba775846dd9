import { describe, expect, it } from 'vitest'
import { acmeAdmin, ada } from '../../../test/database.js'
import { deferred, testEngine, testJob, untilAborted } from '../../../test/engine.js'
import { JobFailure, type StopError } from '../../core/index.js'

describe('a worker', () => {
  it('runs a job and stores its result', async () => {
    const engine = await testEngine([
      testJob('double', ({ input }) => (input as { n: number }).n * 2),
    ])
    await engine.startWorker()
    const id = await engine.enqueue('double', { n: 21 })
    expect(await engine.until(id, 'completed')).toMatchObject({
      result: 42,
      progress: 100,
      attempt: 1,
      error: null,
    })
  })

  it('runs jobs that were enqueued before it started', async () => {
    const engine = await testEngine([testJob('noop', () => null)])
    const ids = await Promise.all(Array.from({ length: 30 }, () => engine.enqueue('noop')))
    await engine.startWorker({ concurrency: 4 })
    for (const id of ids) await engine.until(id, 'completed')
  })

  it('never runs more handlers at once than its concurrency', async () => {
    let now = 0
    let most = 0
    const engine = await testEngine([
      testJob('slow', async () => {
        most = Math.max(most, (now += 1))
        await new Promise((resolve) => setTimeout(resolve, 5))
        now -= 1
      }),
    ])
    const ids = await Promise.all(Array.from({ length: 40 }, () => engine.enqueue('slow')))
    await engine.startWorker({ concurrency: 3 })
    for (const id of ids) await engine.until(id, 'completed')
    expect(most).toBe(3)
  })

  it('tries a failed attempt again, and keeps each failure', async () => {
    const engine = await testEngine([
      testJob('flaky', ({ job }) => {
        if (job.attempt < 3)
          throw new JobFailure(`no ${job.attempt}`, { code: 'flaky', context: { n: job.attempt } })
        return 'at last'
      }),
    ])
    await engine.startWorker()
    const id = await engine.enqueue('flaky')
    expect(await engine.until(id, 'completed', 'failed')).toMatchObject({
      result: 'at last',
      attempt: 3,
    })
    expect(await engine.jobs.attempts(ada, id)).toMatchObject([
      { attempt: 1, error: { code: 'flaky', message: 'no 1', context: { n: 1 } } },
      { attempt: 2, error: { code: 'flaky', message: 'no 2' } },
    ])
  })

  it('fails with the last error when the attempts are used up, or at once when no attempt could help', async () => {
    const engine = await testEngine([
      testJob('doomed', () => Promise.reject(new Error('still no')), {
        retry: { attempts: 2, minDelay: 0 },
      }),
      testJob('hopeless', () => {
        throw new JobFailure('There is no such place.', { code: 'not_found', retryable: false })
      }),
    ])
    await engine.startWorker()
    const [doomed, hopeless] = [await engine.enqueue('doomed'), await engine.enqueue('hopeless')]
    expect(await engine.until(doomed, 'failed')).toMatchObject({
      attempt: 2,
      error: { code: 'handler_error', message: 'still no' },
    })
    expect(await engine.until(hopeless, 'failed')).toMatchObject({
      attempt: 1,
      error: { code: 'not_found' },
    })
  })

  it('waits with backoff between attempts', async () => {
    const engine = await testEngine([
      testJob('flaky', () => Promise.reject(new Error('no')), {
        retry: { minDelay: '1h', maxDelay: '1h' },
      }),
    ])
    await engine.startWorker()
    const id = await engine.enqueue('flaky')
    const job = await engine.untilJob(id, (each) => each.attempt === 1 && each.status === 'queued')
    expect(new Date(job.runAt).getTime()).toBeGreaterThan(new Date(job.startedAt!).getTime())
  })

  it('stores progress and stage while the job runs', async () => {
    const gate = deferred()
    const engine = await testEngine([
      testJob('staged', async ({ progress }) => {
        progress(25, 'Reading')
        progress(Number.NaN)
        progress(10)
        await gate.promise
      }),
    ])
    await engine.startWorker()
    const id = await engine.enqueue('staged')
    expect(await engine.untilJob(id, (job) => job.progress > 0)).toMatchObject({
      progress: 25,
      stage: 'Reading',
    })
    gate.resolve()
    expect(await engine.until(id, 'completed')).toMatchObject({ progress: 100, stage: 'Reading' })
  })

  it('fails a job whose result its schema or JSON refuses', async () => {
    const engine = await testEngine([
      testJob('bigint', () => ({ n: 1n })),
      testJob('text', () => 'a\0b'),
    ])
    await engine.startWorker()
    const [bad, odd] = [await engine.enqueue('bigint'), await engine.enqueue('text')]
    expect(await engine.until(bad, 'failed')).toMatchObject({
      error: { code: 'invalid_result', retryable: false },
    })
    // What a model said is kept, without the character that cannot be stored.
    expect(await engine.until(odd, 'completed', 'failed')).toMatchObject({ result: 'a\uFFFDb' })
  })

  it('starts a job that is due later when its time has come', async () => {
    const engine = await testEngine([testJob('noop', () => null)])
    await engine.startWorker()
    const { job } = await engine.jobs.enqueue('noop', {}, { principal: ada, delay: 150 })
    expect(job.status).toBe('queued')
    const done = await engine.until(job.id, 'completed')
    expect(new Date(done.startedAt!).getTime()).toBeGreaterThanOrEqual(
      new Date(job.runAt).getTime(),
    )
  })

  it('finds a job that was enqueued inside a transaction', async () => {
    const engine = await testEngine([testJob('noop', () => null)])
    await engine.startWorker()
    const client = await engine.db.connect()
    await client.query('begin')
    const { job } = await engine.jobs.enqueue('noop', {}, { principal: ada, transaction: client })
    await client.query('commit')
    await engine.until(job.id, 'completed')
  })

  it('starts the next job of a lane when its rate allows, and does not wait for its regular look', async () => {
    const engine = await testEngine([
      testJob('crawl', () => null, {
        key: (input) => (input as { site: string }).site,
        rate: { perKey: { limit: 1, per: '300ms' } },
      }),
    ])
    const sites = ['a', 'a', 'a', 'x'.repeat(100)]
    const ids = await Promise.all(sites.map((site) => engine.enqueue('crawl', { site })))
    await engine.startWorker({ pollMs: 3_600_000 })
    const done = await Promise.all(ids.map((id) => engine.until(id, 'completed')))
    const starts = done.slice(0, 3).map(({ startedAt }) => Date.parse(startedAt!))
    expect(Math.max(...starts) - Math.min(...starts)).toBeGreaterThanOrEqual(590)
  })

  it('holds a tenant to its limit of running jobs, over all workers', async () => {
    let now = 0
    let most = 0
    const engine = await testEngine([
      testJob(
        'limited',
        async () => {
          most = Math.max(most, (now += 1))
          await new Promise((resolve) => setTimeout(resolve, 10))
          now -= 1
        },
        { concurrency: { perTenant: 2 } },
      ),
    ])
    const ids = await Promise.all(Array.from({ length: 12 }, () => engine.enqueue('limited')))
    await Promise.all([engine.startWorker(), engine.startWorker()])
    for (const id of ids) await engine.until(id, 'completed')
    expect(most).toBe(2)
    expect(await engine.db.query('select from longhaul.lane_slots')).toEqual([])
  })
})

describe('cancelling a running job', () => {
  it('aborts the signal, and the job ends as cancelled whatever the handler then does', async () => {
    const reasons: string[] = []
    const engine = await testEngine([
      testJob('throws', ({ signal }) => untilAborted(signal)),
      testJob('swallows', async ({ signal }) => {
        await untilAborted(signal).catch((error: StopError) => reasons.push(error.reason))
        return 'done anyway'
      }),
    ])
    await engine.startWorker()
    for (const type of ['throws', 'swallows']) {
      const id = await engine.enqueue(type)
      await engine.until(id, 'running')
      const { value } = await engine.jobs.cancel({ principal: ada, id, reason: 'enough' })
      expect(value).toMatchObject({ status: 'running' })
      expect(value.cancelRequestedAt).not.toBeNull()
      expect(await engine.until(id, 'cancelled', 'completed', 'failed')).toMatchObject({
        status: 'cancelled',
        result: null,
        attempt: 1,
      })
      expect(await engine.jobs.cancellations(ada, id)).toMatchObject([
        { reason: 'enough', status: 'processed' },
      ])
    }
    expect(reasons).toEqual(['cancelled'])
  })

  it('G-18: leaves a handler behind that does not stop, and what it writes later changes nothing', async () => {
    const gate = deferred()
    const late = deferred<unknown>()
    const engine = await testEngine([
      testJob(
        'deaf',
        async ({ step, progress }) => {
          await gate.promise
          progress(99, 'Too late')
          await step('late', () => 1).then(
            () => late.resolve('stored'),
            (error: unknown) => late.resolve(error),
          )
          return 'done anyway'
        },
        { cancelGrace: 20 },
      ),
    ])
    const worker = await engine.startWorker()
    const id = await engine.enqueue('deaf')
    await engine.until(id, 'running')
    await engine.jobs.cancel({ principal: ada, id })
    const cancelled = await engine.until(id, 'cancelled')
    gate.resolve()
    expect(await late.promise).toMatchObject({ name: 'AbortError' })
    await expect.poll(() => worker.running()).toBe(0)
    expect(await engine.job(id)).toEqual(cancelled)
    expect(await engine.jobs.steps(ada, id)).toEqual([])
  })

  it('is refused once the job has completed, and says in what status it is', async () => {
    const engine = await testEngine([testJob('noop', () => null)])
    await engine.startWorker()
    const id = await engine.enqueue('noop')
    await engine.until(id, 'completed')
    await expect(engine.jobs.cancel({ principal: acmeAdmin, id })).rejects.toMatchObject({
      code: 'invalid_state',
      message: expect.stringContaining('completed'),
    })
  })
})

describe('an attempt that takes too long', () => {
  it('is stopped and fails with timeout', async () => {
    const engine = await testEngine([
      testJob('long', ({ signal }) => untilAborted(signal), {
        timeout: 30,
        retry: { attempts: 1 },
      }),
      testJob('deaf', () => new Promise(() => undefined), { timeout: 30, retry: { attempts: 1 } }),
    ])
    await engine.startWorker({ stopGraceMs: 20 })
    for (const type of ['long', 'deaf']) {
      const id = await engine.enqueue(type)
      expect(await engine.until(id, 'failed')).toMatchObject({
        error: { code: 'timeout', retryable: true },
      })
    }
  })
})

describe('a shutdown', () => {
  it('lets a job finish that can, and hands the others back untried', async () => {
    const gate = deferred()
    const engine = await testEngine([
      testJob('quick', () => gate.promise),
      testJob('long', ({ signal }) => untilAborted(signal)),
      testJob('deaf', () => new Promise(() => undefined)),
    ])
    const worker = await engine.startWorker({ stopGraceMs: 20 })
    const ids = [
      await engine.enqueue('quick'),
      await engine.enqueue('long'),
      await engine.enqueue('deaf'),
    ]
    for (const id of ids) await engine.until(id, 'running')

    const stopped = worker.stop({ graceMs: 100 })
    gate.resolve()
    await stopped

    expect(await engine.job(ids[0]!)).toMatchObject({ status: 'completed' })
    for (const id of ids.slice(1))
      expect(await engine.job(id)).toMatchObject({ status: 'queued', attempt: 0 })
    expect(await engine.db.query('select from longhaul.ready_jobs')).toHaveLength(2)
    expect(await engine.db.query('select from longhaul.workers')).toEqual([])
  })

  it('claims nothing more once it has begun', async () => {
    const engine = await testEngine([testJob('noop', () => null)])
    const worker = await engine.startWorker()
    await worker.stop()
    const id = await engine.enqueue('noop')
    expect(await engine.job(id)).toMatchObject({ status: 'queued' })
  })
})
