import { afterEach, expect, it, vi } from 'vitest'
import { ada } from '../../test/database.js'
import { silent, testEngine, type TestEngine, testJob } from '../../test/engine.js'
import { createPolledJobs, type PolledJobs, type PolledJobsOptions } from './polled-jobs.js'

const healMs = 10_000

afterEach(() => vi.useRealTimers())

function polledJobs(
  { db, jobs }: TestEngine,
  options: Partial<PolledJobsOptions> = {},
): PolledJobs {
  return createPolledJobs({
    db,
    jobs,
    hints: { status: () => 'listening' },
    logger: silent,
    pollMs: 60_000,
    healMs,
    noticeEpoch: () => undefined,
    ...options,
  })
}

function later(ms: number): void {
  vi.setSystemTime(Date.now() + ms)
}

it('a version counts for as long as it is looked at again, and a little longer', async () => {
  const engine = await testEngine([testJob('noop', () => null)])
  const id = await engine.enqueue('noop')
  const polled = polledJobs(engine)
  vi.useFakeTimers({ toFake: ['Date'] })
  await polled.get(ada, id)
  for (let n = 0; n < 3; n += 1) {
    later(healMs)
    await polled.lookAgain()
    expect(polled.versionOf(ada, id)).toMatchObject({ id, version: 1 })
  }
  later(1.3 * healMs)
  expect(polled.versionOf(ada, id)).toBeUndefined()
})

it('a version does not count on a clock that was set back', async () => {
  const engine = await testEngine([testJob('noop', () => null)])
  const id = await engine.enqueue('noop')
  const polled = polledJobs(engine)
  vi.useFakeTimers({ toFake: ['Date'] })
  await polled.get(ada, id)
  expect(polled.versionOf(ada, id)).toMatchObject({ id })
  later(-3_600_000)
  expect(polled.versionOf(ada, id)).toBeUndefined()
})

it('a version is not kept of a job that changes while it is read', async () => {
  const engine = await testEngine([testJob('noop', () => null)])
  const id = await engine.enqueue('noop')
  const polled = polledJobs(engine, {
    jobs: {
      async get(...asked) {
        const answer = await engine.jobs.get(...asked)
        polled.changed([{ tenantId: 'acme', id }])
        return answer
      },
    },
  })
  await polled.get(ada, id)
  expect(polled.versionOf(ada, id)).toBeUndefined()
})

it('keeps versions of as many jobs as it may, and lets go of the oldest', async () => {
  const engine = await testEngine([testJob('noop', () => null)])
  const polled = polledJobs(engine, { most: 2 })
  const ids: string[] = []
  for (let n = 0; n < 3; n += 1) {
    const id = await engine.enqueue('noop')
    await polled.get(ada, id)
    ids.push(id)
  }
  expect(polled.size()).toBe(2)
  expect(ids.map((id) => polled.versionOf(ada, id)?.id)).toEqual([undefined, ids[1], ids[2]])
})
