import { expect, it } from 'vitest'
import { ada } from '../../../test/database.js'
import {
  deferred,
  silent,
  type TestEngine,
  testEngine,
  testJob,
  untilAborted,
} from '../../../test/engine.js'
import { StopError } from '../../core/index.js'

/** A job's deadline comes: its row is aged, not the clock. */
async function deadlineComes(engine: TestEngine, id: string): Promise<void> {
  await engine.db.query(
    `update longhaul.jobs set deadline_at = now(), version = version + 1 where id = $1`,
    [id],
  )
  engine.hints.send({ scheduled: true })
}

it('G-32: a handler is told at the deadline, and the job fails without another attempt', async () => {
  const reasons: unknown[] = []
  const engine = await testEngine([
    testJob('endless', async ({ signal }) => {
      await untilAborted(signal).catch((error: unknown) => {
        reasons.push(error instanceof StopError ? error.reason : error)
        throw error
      })
    }),
  ])
  await engine.startWorker()
  const { job } = await engine.jobs.enqueue('endless', {}, { principal: ada, deadline: '2s' })

  expect(await engine.until(job.id, 'failed')).toMatchObject({
    error: { code: 'deadline_exceeded', retryable: false },
    attempt: 1,
  })
  expect(reasons).toEqual(['deadline'])
  expect(await engine.jobs.attempts(ada, job.id)).toMatchObject([
    { attempt: 1, error: { code: 'deadline_exceeded' } },
  ])
})

it('a job says until when it has to have settled, from when it is due, and no longer when it has', async () => {
  const engine = await testEngine([testJob('noop', () => null, { deadline: '1h' })])
  const ask = { principal: ada, delay: '1m', idempotencyKey: 'one' } as const
  const { job } = await engine.jobs.enqueue('noop', {}, ask)
  expect(Date.parse(job.deadlineAt!) - Date.parse(job.runAt)).toBe(3_600_000)
  expect((await engine.jobs.enqueue('noop', {}, ask)).job).toEqual(job)

  await engine.jobs.cancel({ principal: ada, id: job.id })
  expect(await engine.job(job.id)).toMatchObject({ status: 'cancelled', deadlineAt: null })
  const { value: retried } = await engine.jobs.retry(ada, job.id)
  expect(Date.parse(retried.deadlineAt!) - Date.parse(retried.runAt)).toBe(3_600_000)
})

it('G-32: a job that sleeps, or waits for another attempt, fails at its deadline', async () => {
  const engine = await testEngine([
    testJob('sleepy', async ({ sleep }) => sleep('1d'), { deadline: '1h' }),
    testJob(
      'unlucky',
      () => {
        throw new Error('no luck')
      },
      { deadline: '1h', retry: { minDelay: '1d', maxDelay: '1d' } },
    ),
  ])
  await engine.startWorker()
  const sleepy = await engine.enqueue('sleepy')
  const unlucky = await engine.enqueue('unlucky')
  await engine.until(sleepy, 'waiting')
  await engine.untilJob(unlucky, ({ status, attempt }) => status === 'queued' && attempt === 1)

  await deadlineComes(engine, sleepy)
  await deadlineComes(engine, unlucky)

  for (const id of [sleepy, unlucky])
    expect(await engine.until(id, 'failed')).toMatchObject({ error: { code: 'deadline_exceeded' } })
  expect(await engine.jobs.attempts(ada, unlucky)).toMatchObject([
    { error: { code: 'handler_error' } },
  ])
})

it('G-33: a job that no worker has taken in time fails, and its handler never runs', async () => {
  const ran: string[] = []
  const engine = await testEngine([
    testJob('fresh', ({ job }) => ran.push(job.id), { startWithin: '1h' }),
  ])
  const late = await engine.enqueue('fresh')
  const { job } = await engine.jobs.enqueue('fresh', {}, { principal: ada, startWithin: 1 })
  await engine.db.query(
    `update longhaul.jobs set start_by = now(), version = version + 1 where id = $1`,
    [late],
  )
  await engine.startWorker()

  for (const id of [late, job.id])
    expect(await engine.until(id, 'failed')).toMatchObject({
      error: { code: 'not_started_in_time' },
      attempt: 0,
      startedAt: null,
    })
  const inTime = await engine.enqueue('fresh')
  await engine.until(inTime, 'completed')
  expect(ran).toEqual([inTime])
})

it('a worker that hangs at the deadline does not keep the job', async () => {
  const begun = deferred()
  const engine = await testEngine([
    testJob(
      'stubborn',
      async () => {
        begun.resolve()
        await new Promise(() => undefined)
      },
      { deadline: '1h', cancelGrace: 0 },
    ),
  ])
  await engine.startWorker({ logger: silent })
  const id = await engine.enqueue('stubborn')
  await begun.promise

  await deadlineComes(engine, id)

  expect(await engine.until(id, 'failed')).toMatchObject({ error: { code: 'deadline_exceeded' } })
})

it('what a job has spawned has its deadline, and a retry gives both their time again', async () => {
  const engine = await testEngine([
    testJob('parent', async ({ spawn }) => spawn('child', {}), { deadline: '1h' }),
    testJob('child', async ({ waitForSignal }) => waitForSignal('go'), { deadline: '2h' }),
  ])
  await engine.startWorker()
  const parent = await engine.enqueue('parent')
  await engine.until(parent, 'waiting')
  const childId = (await engine.jobs.steps(ada, parent))[0]!.childId!
  await engine.until(childId, 'waiting')
  const deadlines = (): Promise<Record<string, unknown>[]> =>
    engine.db.query(
      `select count(distinct deadline_at)::integer as different,
              bool_and(deadline_at > now() + interval '50 minutes') as far
       from longhaul.jobs`,
    )
  expect(await deadlines()).toEqual([{ different: 1, far: true }])

  await deadlineComes(engine, childId)
  await deadlineComes(engine, parent)

  expect((await engine.until(parent, 'failed')).error?.code).toMatch(
    /deadline_exceeded|child_failed/,
  )
  await engine.until(childId, 'failed')
  await engine.jobs.retry(ada, parent)
  await engine.until(childId, 'waiting')
  expect(await deadlines()).toEqual([{ different: 1, far: true }])
  await engine.jobs.signal({ principal: ada, id: childId, name: 'go' })
  await engine.until(parent, 'completed')
})

it('a limit that is no duration is refused, with its name', async () => {
  const engine = await testEngine([testJob('noop', () => null)])
  for (const name of ['deadline', 'startWithin'] as const)
    await expect(
      engine.jobs.enqueue('noop', {}, { principal: ada, [name]: 0 }),
    ).rejects.toMatchObject({ code: 'invalid_input', issues: [{ pointer: `/${name}` }] })
})
