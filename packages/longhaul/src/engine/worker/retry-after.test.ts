import { expect, it } from 'vitest'
import { ada } from '../../../test/database.js'
import { testEngine, testJob } from '../../../test/engine.js'
import { JobFailure } from '../../core/index.js'

const busy = (retryAfter: '1h' | 1): JobFailure =>
  new JobFailure('The model is busy.', { code: 'model_busy', retryAfter })

it('what was thrown says when the job is tried again, in place of the backoff', async () => {
  const engine = await testEngine([
    testJob('patient', () => {
      throw busy('1h')
    }),
    testJob(
      'brisk',
      ({ job }) => {
        if (job.attempt < 3) throw busy(1)
        return job.attempt
      },
      { retry: { minDelay: '1d', maxDelay: '1d' } },
    ),
  ])
  await engine.startWorker()
  const patient = await engine.enqueue('patient')
  const brisk = await engine.enqueue('brisk')

  const waits = await engine.untilJob(
    patient,
    ({ attempt, status }) => attempt === 1 && status === 'queued',
  )
  expect(Date.parse(waits.runAt) - Date.parse(waits.startedAt!)).toBeGreaterThanOrEqual(3_600_000)
  expect(await engine.until(brisk, 'completed')).toMatchObject({ result: 3 })
})

it('a step waits as long in place, and no longer than its own longest wait', async () => {
  let runs = 0
  const engine = await testEngine([
    testJob('stepped', ({ step }) =>
      step('ask', { retry: { attempts: 5, minDelay: '1s', maxDelay: '1s' } }, () => {
        runs += 1
        throw busy(runs === 1 ? 1 : '1h')
      }),
    ),
  ])
  await engine.startWorker()
  const id = await engine.enqueue('stepped')

  const waits = await engine.untilJob(
    id,
    ({ attempt, status }) => attempt === 1 && status === 'queued',
  )

  expect(Date.parse(waits.runAt) - Date.parse(waits.startedAt!)).toBeGreaterThanOrEqual(3_600_000)
  expect(runs).toBe(2)
})

it('what another attempt cannot mend is not tried again, also by a class of the app', async () => {
  class NoSuchPlace extends JobFailure {
    override readonly name = 'NoSuchPlace'
    constructor(place: string) {
      super(`There is no ${place}.`, {
        code: 'no_such_place',
        context: { place },
        retryable: false,
      })
    }
  }
  const engine = await testEngine([
    testJob('lost', () => {
      throw new NoSuchPlace('Atlantis')
    }),
  ])
  await engine.startWorker()
  const id = await engine.enqueue('lost')
  expect(await engine.until(id, 'failed')).toMatchObject({
    attempt: 1,
    error: { code: 'no_such_place', context: { place: 'Atlantis' }, retryable: false },
  })
  expect(await engine.jobs.attempts(ada, id)).toHaveLength(1)
})

it('a wait that is no duration is refused where it is given', () => {
  expect(() => new JobFailure('no', { code: 'no', retryAfter: -1 })).toThrow(/retryAfter/)
})
