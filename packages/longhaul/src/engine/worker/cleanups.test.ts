import { describe, expect, it } from 'vitest'
import { ada } from '../../../test/database.js'
import {
  deferred,
  type TestEngine,
  testEngine,
  testJob,
  untilAborted,
} from '../../../test/engine.js'
import type { CancelContext, Json } from '../../core/index.js'

const left = (engine: TestEngine): Promise<Record<string, unknown>[]> =>
  engine.db.query('select runs, run_id is not null as running from longhaul.cleanups')

/** Resolves when no clean-up is left to do. */
async function allClean(engine: TestEngine): Promise<void> {
  while ((await left(engine)).length > 0) await new Promise((next) => setTimeout(next, 10))
}

/** A run whose process died is taken for dead: its row is aged, not the clock. */
async function runsAreDead(engine: TestEngine): Promise<void> {
  await engine.db.query(`update longhaul.cleanups set due_at = now()`)
  engine.hints.send({ cleanups: true })
}

/** A job that books and then waits, and what its clean-ups were given. */
function booking(onCancel?: (context: CancelContext<Json>) => Promise<void> | void) {
  const cleaned: CancelContext<Json>[] = []
  const stops: unknown[] = []
  const job = testJob(
    'booking',
    async ({ step, waitForSignal, signal, input }) => {
      await step('reserve', () => ({ seat: '12A' }))
      if (input === 'wait') await waitForSignal('paid')
      else await untilAborted(signal).finally(() => stops.push('stopped'))
    },
    {
      onCancel(context) {
        cleaned.push(context)
        stops.push('cleaned up')
        return onCancel?.(context)
      },
    },
  )
  return { job, cleaned, stops }
}

describe('onCancel', () => {
  it('G-34: cleans up after a job that runs, once its handler has stopped, with its finished steps', async () => {
    const { job, cleaned, stops } = booking()
    const engine = await testEngine([job])
    await engine.startWorker()
    const id = await engine.enqueue('booking', 'run')
    await engine.untilJob(id, ({ version }) => version > 2) // its step is stored

    await engine.jobs.cancel({ principal: ada, id, reason: 'changed my mind' })
    await engine.until(id, 'cancelled')
    await allClean(engine)

    expect(stops).toEqual(['stopped', 'cleaned up'])
    expect(cleaned).toMatchObject([
      {
        input: 'run',
        job: { id, type: 'booking', tenantId: 'acme', ownerId: 'ada' },
        cancellation: { requestedBy: 'ada', reason: 'changed my mind' },
        run: 1,
      },
    ])
    expect(cleaned[0]!.steps.get('reserve')).toEqual({ seat: '12A' })
  })

  it('G-34: cleans up after a job that waits, and not after one that never started', async () => {
    const { job, cleaned } = booking()
    const engine = await testEngine([job])
    await engine.startWorker()
    const waiting = await engine.enqueue('booking', 'wait')
    await engine.until(waiting, 'waiting')
    const { job: later } = await engine.jobs.enqueue('booking', 'wait', {
      principal: ada,
      delay: '1d',
    })

    await engine.jobs.cancel({ principal: ada, id: later.id })
    await engine.jobs.cancel({ principal: ada, id: waiting })
    await allClean(engine)

    expect(cleaned.map((each) => each.job.id)).toEqual([waiting])
  })

  it('G-34: is run again when its process dies, and when it fails, until it is done', async () => {
    const hanging = deferred()
    let runs = 0
    const { job, cleaned } = booking(async () => {
      runs += 1
      if (runs === 1) {
        hanging.resolve()
        await new Promise(() => undefined)
      }
      if (runs === 2) throw new Error('the airline is away')
    })
    const engine = await testEngine([job])
    await engine.startWorker()
    const id = await engine.enqueue('booking', 'wait')
    await engine.until(id, 'waiting')
    await engine.jobs.cancel({ principal: ada, id })
    await hanging.promise

    await runsAreDead(engine)
    await allClean(engine)

    expect(cleaned.map(({ run }) => run)).toEqual([1, 2, 3])
    expect(new Set(cleaned.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1)
    expect(await engine.job(id)).toMatchObject({ status: 'cancelled' })
  })

  it('is given up after as many runs as the job may be tried', async () => {
    const { job, cleaned } = booking(() => {
      throw new Error('never')
    })
    const engine = await testEngine([{ ...job, attempts: 2 }])
    await engine.startWorker()
    const id = await engine.enqueue('booking', 'wait')
    await engine.until(id, 'waiting')
    await engine.jobs.cancel({ principal: ada, id })
    await allClean(engine)
    expect(cleaned).toHaveLength(2)
  })

  it('waits for a worker that has its job type, and is called off by a retry', async () => {
    const { job, cleaned } = booking()
    const engine = await testEngine([job])
    const worker = await engine.startWorker()
    const id = await engine.enqueue('booking', 'wait')
    await engine.until(id, 'waiting')
    await worker.stop()
    await engine.jobs.cancel({ principal: ada, id })
    expect(await left(engine)).toEqual([{ runs: 0, running: false }])
    await expect(engine.jobs.delete(ada, id)).rejects.toMatchObject({ code: 'job_not_settled' })

    await engine.jobs.retry(ada, id)

    expect(await left(engine)).toEqual([])
    await engine.startWorker()
    await engine.until(id, 'waiting')
    await engine.jobs.cancel({ principal: ada, id })
    await allClean(engine)
    expect(cleaned).toHaveLength(1)
    await engine.jobs.delete(ada, id)
  })

  it('is over before a job that was retried meanwhile goes on', async () => {
    const events: string[] = []
    const begun = deferred()
    const mayEnd = deferred()
    const engine = await testEngine([
      testJob(
        'careful',
        async ({ waitForSignal }) => {
          events.push('runs')
          await waitForSignal('go')
        },
        {
          async onCancel() {
            begun.resolve()
            await mayEnd.promise
            events.push('clean')
          },
        },
      ),
    ])
    await engine.startWorker()
    const id = await engine.enqueue('careful')
    await engine.until(id, 'waiting')
    await engine.jobs.cancel({ principal: ada, id })
    await begun.promise

    const { value: retried } = await engine.jobs.retry(ada, id)

    expect(retried.status).toBe('queued')
    expect(await engine.db.query('select from longhaul.ready_jobs')).toEqual([])
    mayEnd.resolve()
    await engine.until(id, 'waiting')
    expect(events).toEqual(['runs', 'clean', 'runs'])
  })

  it('is handed back by a worker that shuts down, and the run does not count', async () => {
    const begun = deferred()
    const reasons: unknown[] = []
    const { job, cleaned } = booking(async ({ signal, run }) => {
      begun.resolve()
      if (cleaned.length === 1) {
        await untilAborted(signal).finally(() => reasons.push(signal.reason))
      }
      expect(run).toBe(1)
    })
    const engine = await testEngine([job])
    const worker = await engine.startWorker()
    const id = await engine.enqueue('booking', 'wait')
    await engine.until(id, 'waiting')
    await engine.jobs.cancel({ principal: ada, id })
    await begun.promise

    await worker.stop({ graceMs: 0 })

    expect(reasons).toMatchObject([{ reason: 'shutdown' }])
    expect(await left(engine)).toEqual([{ runs: 0, running: false }])
    await engine.startWorker()
    await allClean(engine)
    expect(cleaned.map(({ run }) => run)).toEqual([1, 1])
  })

  it('stops a run that takes too long', async () => {
    const reasons: unknown[] = []
    const { job } = booking(async ({ signal }) => {
      if (reasons.length === 0)
        await untilAborted(signal).finally(() => reasons.push(signal.reason))
    })
    const engine = await testEngine([{ ...job, cancelTimeoutMs: 20 }])
    await engine.startWorker()
    const id = await engine.enqueue('booking', 'wait')
    await engine.until(id, 'waiting')
    await engine.jobs.cancel({ principal: ada, id })
    await allClean(engine)
    expect(reasons).toMatchObject([{ reason: 'timeout' }])
  })
})
