import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { z } from 'zod'
import { ada, bob } from '../../../test/database.js'
import {
  deferred,
  silent,
  type TestEngine,
  testEngine,
  testJob,
  untilAborted,
} from '../../../test/engine.js'
import type { Json } from '../../core/index.js'
import type { OwnDatabase } from '../../postgres/index.js'

/** Let the time come for which a job waits: its row is aged, not the clock. */
async function timeComes(engine: TestEngine, id: string): Promise<void> {
  await engine.db.query(
    `update longhaul.steps set wakes_at = now() - interval '1 second'
     where job_id = $1 and status = 'running'`,
    [id],
  )
  await engine.db.query(
    `update longhaul.jobs set promote_at = now() - interval '1 second' where id = $1`,
    [id],
  )
  engine.hints.send({ scheduled: true })
}

const send = (engine: TestEngine, id: string, name: string, payload: Json = null): Promise<void> =>
  engine.jobs.signal({ principal: ada, id, name, payload })

describe('sleeping', () => {
  it('G-16: holds no worker, keeps the attempt and the progress, and runs no finished step again', async () => {
    const ran: string[] = []
    const engine = await testEngine([
      testJob('nap', async ({ step, sleep, progress, job }) => {
        await step('before', () => ran.push('before'))
        progress(40, 'Waiting a while')
        await sleep('1h')
        await step('after', () => ran.push('after'))
        return job.attempt
      }),
    ])
    const worker = await engine.startWorker()
    const id = await engine.enqueue('nap')

    const waiting = await engine.until(id, 'waiting')
    expect(waiting).toMatchObject({ progress: 40, stage: 'Waiting a while', attempt: 0 })
    const steps = await engine.jobs.steps(ada, id)
    expect(steps.map(({ key, kind, status }) => ({ key, kind, status }))).toEqual([
      { key: 'before', kind: 'step', status: 'completed' },
      { key: 'sleep', kind: 'sleep', status: 'running' },
    ])
    const hours = (Date.parse(steps[1]!.wakesAt!) - Date.parse(steps[1]!.startedAt)) / 3_600_000
    expect(hours).toBeCloseTo(1, 1)
    while (worker.running() > 0) await new Promise(setImmediate)
    expect(await engine.db.query('select from longhaul.ready_jobs')).toEqual([])

    await timeComes(engine, id)

    const done = await engine.until(id, 'completed')
    expect(done).toMatchObject({ result: 1, attempt: 1 })
    expect(ran).toEqual(['before', 'after'])
  })

  it('five times, with an attempt that fails in between, sleeps each time once', async () => {
    const ran: string[] = []
    const engine = await testEngine([
      testJob('naps', async ({ step, sleep, job }) => {
        for (let n = 1; n <= 5; n += 1) {
          await sleep('1h')
          if (n === 3 && job.attempt === 1) throw new Error('woken badly')
          await step('work', () => ran.push(`after ${n}`))
        }
        return job.attempt
      }),
    ])
    await engine.startWorker()
    const id = await engine.enqueue('naps')
    for (let n = 1; n <= 5; n += 1) {
      await engine.until(id, 'waiting')
      await timeComes(engine, id)
      const asleep = async (): Promise<number> =>
        (await engine.jobs.steps(ada, id)).filter(
          ({ kind, status }) => kind === 'sleep' && status === 'completed',
        ).length
      while ((await asleep()) < n) await new Promise((resolve) => setTimeout(resolve, 10))
    }

    expect(await engine.until(id, 'completed')).toMatchObject({ result: 2, attempt: 2 })
    expect(ran).toEqual([1, 2, 3, 4, 5].map((n) => `after ${n}`))
  })

  it('for a moment is done in place, and is over when it has been stored', async () => {
    const begun: number[] = []
    const engine = await testEngine([
      testJob('blink', async ({ sleep, job }) => {
        begun.push(job.attempt)
        await sleep(30)
        if (job.attempt === 1) throw new Error('once')
        await sleep(30)
      }),
    ])
    await engine.startWorker()
    const id = await engine.enqueue('blink')
    await engine.until(id, 'completed')
    expect(begun).toEqual([1, 2])
    const steps = await engine.jobs.steps(ada, id)
    expect(steps.map(({ key, attempt }) => `${key} ${attempt}`)).toEqual(['sleep 1', 'sleep#2 2'])
  })

  it('lets steps beside it finish first', async () => {
    const gate = deferred()
    const engine = await testEngine([
      testJob('both', async ({ step, sleepUntil }) => {
        const [, b] = await Promise.all([
          sleepUntil(new Date(Date.now() + 3_600_000)),
          step('beside', async () => {
            await gate.promise
            return 'b'
          }),
        ])
        return b
      }),
    ])
    await engine.startWorker()
    const id = await engine.enqueue('both')
    await engine.until(id, 'running')
    gate.resolve()
    await engine.until(id, 'waiting')
    expect(await engine.jobs.steps(ada, id)).toMatchObject([
      { key: 'sleep', status: 'running' },
      { key: 'beside', status: 'completed' },
    ])
    await timeComes(engine, id)
    expect(await engine.until(id, 'completed')).toMatchObject({ result: 'b' })
  })

  it('does not hold up a handler that has returned without it', async () => {
    const engine = await testEngine([
      testJob('first', ({ sleep, step }) => Promise.race([sleep('1h'), step('b', () => 'b')]), {
        result: z.json().refine(() => new Promise((resolve) => setTimeout(resolve, 20, true))),
      }),
    ])
    await engine.startWorker()
    const id = await engine.enqueue('first')
    expect(await engine.until(id, 'completed', 'waiting')).toMatchObject({ result: 'b' })
  })

  it('does not hide that the attempt took too long', async () => {
    const engine = await testEngine([
      testJob(
        'late',
        ({ sleep, step }) =>
          Promise.allSettled([sleep('1h'), step('b', ({ signal }) => untilAborted(signal))]),
        { timeout: 50, retry: { attempts: 1 } },
      ),
    ])
    await engine.startWorker()
    const id = await engine.enqueue('late')
    const { error } = await engine.until(id, 'failed', 'waiting')
    expect(error).toMatchObject({ code: 'timeout' })
  })

  it('is cancelled at once', async () => {
    const engine = await testEngine([testJob('nap', ({ sleep }) => sleep('1d'))])
    await engine.startWorker()
    const id = await engine.enqueue('nap')
    await engine.until(id, 'waiting')
    const { value } = await engine.jobs.cancel({ principal: ada, id })
    expect(value.status).toBe('cancelled')
  })

  it('is no handler that did not stop: progress on its way when the job ended is no lost claim', async () => {
    const warnings: unknown[] = []
    const engine = await testEngine([
      testJob('nap', async ({ progress, sleep }) => {
        progress(1)
        await new Promise((resolve) => setTimeout(resolve, 3))
        progress(2)
        await sleep('1h')
      }),
    ])
    const logger = { ...silent, warn: (_: unknown, text: string) => void warnings.push(text) }
    const worker = await engine.startWorker({ logger, stopGraceMs: 1 })
    const ids = await Promise.all(Array.from({ length: 10 }, () => engine.enqueue('nap')))
    for (const id of ids) await engine.until(id, 'waiting')
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect([worker.running(), warnings]).toEqual([0, []])
  })

  it('G-16: ends by the database’s clock, also where the worker’s is half an hour fast', async () => {
    const wakesAt = new Date(Date.now() + 3_600_000).toISOString()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 1_800_000 })
    onTestFinished(() => void vi.useRealTimers())
    const engine = await testEngine([testJob('until', ({ sleepUntil }) => sleepUntil(wakesAt))])
    await engine.startWorker()
    const id = await engine.enqueue('until')
    await engine.until(id, 'waiting')
    const [step] = await engine.jobs.steps(ada, id)
    expect(Math.abs(Date.parse(step!.wakesAt!) - Date.parse(wakesAt))).toBeLessThan(60_000)
  })

  it('fails the job when it is no time', async () => {
    const engine = await testEngine([
      testJob('never', ({ sleepUntil }) => sleepUntil('tomorrow')),
      testJob('soon', ({ sleep }) => sleep('1 hour' as '1h')),
    ])
    await engine.startWorker()
    const [never, soon] = [await engine.enqueue('never'), await engine.enqueue('soon')]
    expect((await engine.until(never, 'failed')).error).toMatchObject({ code: 'invalid_time' })
    expect((await engine.until(soon, 'failed')).error).toMatchObject({
      code: 'invalid_configuration',
    })
  })
})

describe('waiting for a signal', () => {
  const review = testJob('review', async ({ waitForSignal }) => {
    const answer = await waitForSignal('review')
    return { answer: answer ?? 'nobody' }
  })

  it('receives what is sent while it waits', async () => {
    const engine = await testEngine([review])
    await engine.startWorker()
    const id = await engine.enqueue('review')
    await engine.until(id, 'waiting')
    await send(engine, id, 'other', 1)
    await send(engine, id, 'review', { approved: true })
    expect(await engine.until(id, 'completed')).toMatchObject({
      result: { answer: { approved: true } },
      attempt: 1,
    })
    expect(
      await engine.db.query(`select name from longhaul.signals where received_at is not null`),
    ).toEqual([{ name: 'review' }])
  })

  it('receives what was sent before the job began, and while a step of it ran', async () => {
    const gate = deferred()
    const engine = await testEngine([
      testJob('twice', async ({ step, waitForSignal }) => {
        await step('work', () => gate.promise)
        return [await waitForSignal('go'), await waitForSignal('go')]
      }),
    ])
    const id = await engine.enqueue('twice')
    await send(engine, id, 'go', 'early')
    await engine.startWorker()
    await engine.until(id, 'running')
    await send(engine, id, 'go', 'meanwhile')
    gate.resolve()
    expect(await engine.until(id, 'completed')).toMatchObject({ result: ['early', 'meanwhile'] })
  })

  it('G-16: loses none and receives none twice, whenever it comes', async () => {
    const engine = await testEngine([
      testJob('count', async ({ waitForSignal }) => {
        const seen: unknown[] = []
        for (let n = 0; n < 12; n += 1) seen.push(await waitForSignal('tick'))
        return seen
      }),
    ])
    await engine.startWorker()
    await engine.startWorker()
    const id = await engine.enqueue('count')
    const sent = Array.from({ length: 12 }, (_, n) => n)
    for (const n of sent) {
      await send(engine, id, 'tick', n)
      await new Promise((resolve) => setTimeout(resolve, (n * 7) % 40))
    }
    const { result } = await engine.until(id, 'completed')
    expect(result).toEqual(sent)
  })

  it('ends with nothing when nobody sends one in time', async () => {
    const engine = await testEngine([
      testJob('patient', async ({ waitForSignal }) => {
        const answer = await waitForSignal('review', { timeout: '1d' })
        return answer === undefined ? 'timed out' : 'answered'
      }),
    ])
    await engine.startWorker()
    const id = await engine.enqueue('patient')
    await engine.until(id, 'waiting')
    await timeComes(engine, id)
    expect(await engine.until(id, 'completed')).toMatchObject({ result: 'timed out', attempt: 1 })
  })

  it('G-16: receives one that came in time, also when its attempt comes to the wait later than that', async () => {
    const [begun, gate] = [deferred(), deferred()]
    const engine = await testEngine([
      testJob('slow', async ({ job, step, waitForSignal }) => {
        if (job.attempt === 2) {
          begun.resolve()
          await gate.promise
        }
        const torn =
          job.attempt === 1 ? [step('torn', () => Promise.reject(new Error('torn')))] : []
        const [answer] = await Promise.all([waitForSignal('review', { timeout: '10s' }), ...torn])
        return answer ?? 'nobody'
      }),
    ])
    const id = await engine.enqueue('slow')
    await engine.startWorker()
    await begun.promise
    await send(engine, id, 'review', 'in time')
    const now = performance.now.bind(performance)
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + 10_000)
    onTestFinished(() => clock.mockRestore())
    gate.resolve()
    expect(await engine.until(id, 'completed')).toMatchObject({ result: 'in time' })
  })

  it('G-16: receives one that came in time, also when the time runs out while what is stored is read', async () => {
    const engine = await testEngine([
      testJob('slow', async ({ job, step, waitForSignal }) => {
        const torn =
          job.attempt === 1 ? [step('torn', () => Promise.reject(new Error('torn')))] : []
        const [answer] = await Promise.all([waitForSignal('review', { timeout: '1h' }), ...torn])
        return answer ?? 'nobody'
      }),
    ])
    const id = await engine.enqueue('slow')
    const db: OwnDatabase = {
      ...engine.db,
      async run(query) {
        if (query.text.includes('child.status as child_status')) {
          await send(engine, id, 'review', 'in time')
          await engine.db.query('update longhaul.steps set wakes_at = now() where job_id = $1', [
            id,
          ])
        }
        return engine.db.run(query)
      },
    }
    await engine.startWorker({ on: db })
    expect(await engine.until(id, 'completed')).toMatchObject({ result: 'in time' })
  })

  it('drops one that its schema refuses, and waits on', async () => {
    const engine = await testEngine([
      testJob('strict', async ({ waitForSignal }) => {
        const schema = z.object({ approved: z.boolean() })
        const answer = await waitForSignal('review', { schema })
        return answer?.approved === true
      }),
    ])
    await engine.startWorker()
    const id = await engine.enqueue('strict')
    await send(engine, id, 'review', 'yes')
    await send(engine, id, 'review', { approved: true })
    expect(await engine.until(id, 'completed')).toMatchObject({ result: true })
  })

  it('tells null from nothing, also when it is read again', async () => {
    const engine = await testEngine([
      testJob('nullable', async ({ waitForSignal, step, job }) => {
        const signal = await waitForSignal('any')
        const nothing = await step('nothing', () => null)
        if (job.attempt === 1) throw new Error('once')
        return [signal === null, nothing === null]
      }),
    ])
    await engine.startWorker()
    const id = await engine.enqueue('nullable')
    await send(engine, id, 'any')
    expect(await engine.until(id, 'completed')).toMatchObject({ result: [true, true], attempt: 2 })
  })

  it('stores one for each idempotency key, and none for a job that has settled or is not yours', async () => {
    const engine = await testEngine([review])
    const id = await engine.enqueue('review')
    const signal = { principal: ada, id, name: 'review', idempotencyKey: 'k' }
    await engine.jobs.signal({ ...signal, payload: 1 })
    await engine.jobs.signal({ ...signal, payload: 2 })
    expect(await engine.db.query('select payload from longhaul.signals')).toEqual([{ payload: 1 }])
    await expect(engine.jobs.signal({ ...signal, principal: bob })).rejects.toMatchObject({
      code: 'job_not_found',
    })
    await expect(engine.jobs.signal({ ...signal, name: 'A b' })).rejects.toMatchObject({
      code: 'invalid_parameter',
    })
    await engine.jobs.cancel({ principal: ada, id })
    await expect(engine.jobs.signal(signal)).rejects.toMatchObject({ code: 'invalid_state' })
    await engine.jobs.delete(ada, id)
    expect(await engine.db.query('select from longhaul.signals')).toEqual([])
  })

  it('refuses more than may wait, and says so', async () => {
    const engine = await testEngine([review])
    const id = await engine.enqueue('review')
    await engine.db.query(
      `insert into longhaul.signals (tenant_id, job_id, name, payload, sent_by)
       select 'acme', $1, 'flood', '1', 'ada' from generate_series(1, 1000)`,
      [id],
    )
    await engine.db.query(
      `update longhaul.signals set idempotency_key = 'k' where id = (select id from longhaul.signals limit 1)`,
    )
    await expect(send(engine, id, 'flood')).rejects.toMatchObject({ code: 'too_many_signals' })
    // One that is there already is no new one.
    await engine.jobs.signal({ principal: ada, id, name: 'flood', idempotencyKey: 'k' })
  })

  it('fails when the name was stored as something else', async () => {
    const engine = await testEngine([
      testJob('changed', async ({ step, waitForSignal, job }) => {
        if (job.attempt === 1) {
          await step('review', () => 1)
          throw new Error('a deploy')
        }
        await waitForSignal('review')
      }),
    ])
    await engine.startWorker()
    const id = await engine.enqueue('changed')
    expect((await engine.until(id, 'failed')).error).toMatchObject({ code: 'step_mismatch' })
  })
})
