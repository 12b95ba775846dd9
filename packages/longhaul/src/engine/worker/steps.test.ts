import { describe, expect, it } from 'vitest'
import { ada } from '../../../test/database.js'
import { JobFailure } from '../../core/index.js'
import { deferred, silent, testEngine, testJob, untilAborted } from '../../../test/engine.js'

describe('steps', () => {
  it('run once: a later attempt gets their stored results', async () => {
    const calls: string[] = []
    const engine = await testEngine([
      testJob('resumed', async ({ step, job }) => {
        const a = await step('a', () => (calls.push('a'), { deep: [1, null, 'x'] }))
        const nothing = await step('nothing', () => void calls.push('nothing'))
        if (job.attempt === 1) throw new Error('once')
        const b = await step('b', () => (calls.push('b'), 2))
        return { a, nothing: nothing === undefined, b }
      }),
    ])
    await engine.startWorker()
    const id = await engine.enqueue('resumed')
    expect(await engine.until(id, 'completed')).toMatchObject({
      result: { a: { deep: [1, null, 'x'] }, nothing: true, b: 2 },
    })
    expect(calls).toEqual(['a', 'nothing', 'b'])
    expect(await engine.jobs.steps(ada, id)).toMatchObject([
      { key: 'a', status: 'completed', runs: 1, attempt: 1 },
      { key: 'nothing', status: 'completed', runs: 1, attempt: 1 },
      { key: 'b', status: 'completed', runs: 1, attempt: 2 },
    ])
  })

  it('that failed run again, and say how often they ran', async () => {
    const engine = await testEngine([
      testJob('flaky', ({ step, job }) =>
        step('call', () => {
          if (job.attempt < 3) throw new Error('busy')
          return 'ok'
        }),
      ),
    ])
    await engine.startWorker()
    const id = await engine.enqueue('flaky')
    await engine.until(id, 'completed')
    expect(await engine.jobs.steps(ada, id)).toMatchObject([
      { key: 'call', status: 'completed', runs: 3, attempt: 3, error: null },
    ])
  })

  it('count a name that is used again', async () => {
    const engine = await testEngine([
      testJob('pages', async ({ step, job }) => {
        const pages: number[] = []
        for (let n = 1; n <= 3; n += 1) pages.push(await step('page', () => n * 10 + job.attempt))
        if (job.attempt === 1) throw new Error('once')
        return pages
      }),
    ])
    await engine.startWorker()
    const id = await engine.enqueue('pages')
    expect(await engine.until(id, 'completed')).toMatchObject({ result: [11, 21, 31] })
    expect((await engine.jobs.steps(ada, id)).map(({ key }) => key)).toEqual([
      'page',
      'page#2',
      'page#3',
    ])
  })

  it('may run at the same time, each under its own name or key', async () => {
    const engine = await testEngine([
      testJob('parallel', async ({ step }) => {
        const [a, b] = await Promise.all([step('a', async () => 1), step('b', async () => 2)])
        const keyed = await Promise.all(
          ['x', 'y'].map((key) => step('each', { key }, async () => key.toUpperCase())),
        )
        return [a, b, ...keyed]
      }),
    ])
    await engine.startWorker()
    const id = await engine.enqueue('parallel')
    expect(await engine.until(id, 'completed')).toMatchObject({ result: [1, 2, 'X', 'Y'] })
    expect((await engine.jobs.steps(ada, id)).map(({ key }) => key)).toEqual([
      'a',
      'b',
      'each:x',
      'each:y',
    ])
  })

  it('G-05: that ran at the same time are found again by their names, whichever ended before the attempt did', async () => {
    const ran: string[] = []
    const engine = await testEngine([
      testJob('parallel', async ({ step, job }) => {
        const third = deferred()
        const work = (name: string): Promise<string> =>
          step(name, async () => {
            ran.push(`${job.attempt} ${name}`)
            if (job.attempt === 1 && name === 'first') await third.promise
            if (job.attempt === 1 && name === 'second') throw new Error('not yet')
            return `${name} by ${job.attempt}`
          })
        // The third is stored first, the first after it, the second not at all; then they come in another order.
        const names =
          job.attempt === 1 ? ['first', 'second', 'third'] : ['second', 'third', 'first']
        const steps = names.map(async (name) => {
          const result = await work(name)
          if (name === 'third') third.resolve()
          return result
        })
        await Promise.allSettled(steps)
        return Promise.all(steps)
      }),
    ])
    await engine.startWorker()
    const id = await engine.enqueue('parallel')

    expect(await engine.until(id, 'completed')).toMatchObject({
      result: ['second by 2', 'third by 1', 'first by 1'],
    })
    expect(ran.sort()).toEqual(['1 first', '1 second', '1 third', '2 second'])
  })

  it('need a key to repeat a name once they have overlapped', async () => {
    const engine = await testEngine([
      testJob('ambiguous', ({ step }) =>
        Promise.all([1, 2].map((n) => step('same', async () => n))),
      ),
    ])
    await engine.startWorker()
    const id = await engine.enqueue('ambiguous')
    expect(await engine.until(id, 'failed')).toMatchObject({
      error: { code: 'step_key_required', retryable: false },
    })
  })

  it('G-05: give each run the same idempotency key', async () => {
    const keys: string[] = []
    const engine = await testEngine([
      testJob('paid', ({ step, job }) =>
        step('charge', ({ idempotencyKey }) => {
          keys.push(idempotencyKey)
          if (job.attempt === 1) throw new Error('timeout')
          return null
        }),
      ),
    ])
    await engine.startWorker()
    const id = await engine.enqueue('paid')
    await engine.until(id, 'completed')
    expect(keys).toEqual([`${id}:charge`, `${id}:charge`])
  })

  it('are seen while they run', async () => {
    const gate = deferred()
    const engine = await testEngine([
      testJob('visible', ({ step }) => step('slow', () => gate.promise)),
    ])
    await engine.startWorker()
    const id = await engine.enqueue('visible')
    await engine.untilJob(id, (job) => job.version >= 3)
    expect(await engine.jobs.steps(ada, id)).toMatchObject([
      { key: 'slow', status: 'running', runs: 1, finishedAt: null },
    ])
    gate.resolve()
    await engine.until(id, 'completed')
    expect(await engine.jobs.steps(ada, id)).toMatchObject([{ status: 'completed', runs: 1 }])
  })

  it('do not begin once the job was cancelled', async () => {
    const calls: string[] = []
    const engine = await testEngine([
      testJob('cancelled', async ({ step, signal }) => {
        await step('first', () => calls.push('first'))
        await untilAborted(signal).catch(() => undefined)
        await step('second', () => calls.push('second'))
      }),
    ])
    await engine.startWorker()
    const id = await engine.enqueue('cancelled')
    await engine.untilJob(id, (job) => job.version >= 3)
    await engine.jobs.cancel({ principal: ada, id })
    await engine.until(id, 'cancelled')
    expect(calls).toEqual(['first'])
  })

  it('whose result is no JSON fail the job for good', async () => {
    const engine = await testEngine([testJob('odd', ({ step }) => step('made', () => new Map()))])
    await engine.startWorker()
    const id = await engine.enqueue('odd')
    expect(await engine.until(id, 'failed')).toMatchObject({
      error: { code: 'not_json', retryable: false },
    })
    expect(await engine.jobs.steps(ada, id)).toMatchObject([
      { status: 'failed', error: { code: 'not_json' } },
    ])
  })

  it('that nobody awaited are stored before the job ends', async () => {
    const engine = await testEngine([
      testJob('careless', ({ step }) => {
        void step('forgotten', () => 1)
      }),
    ])
    await engine.startWorker()
    const id = await engine.enqueue('careless')
    await engine.until(id, 'completed')
    expect(await engine.jobs.steps(ada, id)).toMatchObject([
      { key: 'forgotten', status: 'completed' },
    ])
  })

  it('of a person’s retry are kept', async () => {
    let ok = false
    const calls: string[] = []
    const engine = await testEngine([
      testJob(
        'retried',
        async ({ step }) => {
          await step('done', () => calls.push('done'))
          if (!ok) throw new Error('not yet')
        },
        { retry: { attempts: 1 } },
      ),
    ])
    await engine.startWorker()
    const id = await engine.enqueue('retried')
    await engine.until(id, 'failed')
    ok = true
    await engine.jobs.retry(ada, id)
    expect(await engine.until(id, 'completed')).toMatchObject({ attempt: 2 })
    expect(calls).toEqual(['done'])
  })

  it('that fail are run again in place, as often as they say', async () => {
    let runs = 0
    const engine = await testEngine([
      testJob('flaky', ({ step, job }) =>
        step('call', { retry: { attempts: 3, minDelay: 0 } }, () => {
          runs += 1
          if (runs < 3) throw new Error('busy')
          return `attempt ${job.attempt}`
        }),
      ),
      testJob('hopeless', ({ step }) =>
        step('call', { retry: { attempts: 9, minDelay: 0 } }, () => {
          throw new JobFailure('No such thing.', { code: 'nothing', retryable: false })
        }),
      ),
    ])
    await engine.startWorker()
    const [flaky, hopeless] = [await engine.enqueue('flaky'), await engine.enqueue('hopeless')]
    expect(await engine.until(flaky, 'completed')).toMatchObject({ result: 'attempt 1' })
    expect(await engine.jobs.steps(ada, flaky)).toMatchObject([{ status: 'completed', runs: 3 }])
    await engine.until(hopeless, 'failed')
    expect(await engine.jobs.steps(ada, hopeless)).toMatchObject([{ status: 'failed', runs: 1 }])
  })

  it('that take too long are told, and fail whether they listen or not', async () => {
    const heard: string[] = []
    const engine = await testEngine([
      testJob(
        'slow',
        ({ step }) =>
          step('deaf', { timeout: 20 }, ({ signal }) => {
            signal.addEventListener('abort', () => heard.push((signal.reason as JobFailure).code))
            return new Promise(() => undefined)
          }),
        { retry: { attempts: 1 } },
      ),
    ])
    await engine.startWorker()
    const { error } = await engine.until(await engine.enqueue('slow'), 'failed')
    expect(error).toMatchObject({ code: 'step_timeout', retryable: true })
    expect(heard).toEqual(['step_timeout'])
  })

  it('that have written to a stream are run again by the next attempt only', async () => {
    const attempts: number[] = []
    const engine = await testEngine([
      testJob('written', ({ step, stream, job }) =>
        step('write', { retry: { attempts: 5, minDelay: 0 } }, () => {
          attempts.push(job.attempt)
          stream.write('a')
          if (job.attempt === 1) throw new Error('once')
          return 'done'
        }),
      ),
    ])
    await engine.startWorker()
    await engine.until(await engine.enqueue('written'), 'completed')
    expect(attempts).toEqual([1, 2])
  })

  it('that were stored and are not reached again are told to the log', async () => {
    const warnings: unknown[] = []
    const engine = await testEngine([
      testJob('changed', async ({ job, step }) => {
        await step('kept', () => 1)
        if (job.attempt > 1) return step('new', () => 2)
        await step('old', () => 3)
        await step('loop', { key: 'a' }, () => 4)
        throw new Error('again')
      }),
    ])
    await engine.startWorker({
      logger: { ...silent, warn: (details, message) => warnings.push([message, details]) },
    })
    const id = await engine.enqueue('changed')
    expect(await engine.until(id, 'completed')).toMatchObject({ result: 2 })
    expect(warnings).toEqual([
      [
        'the handler has returned without coming to steps that an earlier attempt has stored',
        { tenantId: 'acme', jobId: id, type: 'changed', steps: ['old', 'loop:a'] },
      ],
    ])
  })

  it('may not have the same key twice in one attempt', async () => {
    const engine = await testEngine([
      testJob('twice', async ({ step }) => {
        await step('each', { key: 'x' }, () => 1)
        await step('each', { key: 'x' }, () => 2)
      }),
    ])
    await engine.startWorker()
    const { error } = await engine.until(await engine.enqueue('twice'), 'failed')
    expect(error).toMatchObject({ code: 'step_key_repeated' })
  })
})
