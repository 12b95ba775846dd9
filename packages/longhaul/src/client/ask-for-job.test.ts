import { expect, it, onTestFinished, vi } from 'vitest'
import { clientOf, networkTo, until } from '../../test/client.js'
import { deferred, testJob } from '../../test/engine.js'
import { testApi } from '../../test/http.js'
import { type ErrorCode, LonghaulError } from '../core/index.js'
import { asProblem } from '../protocol/index.js'
import { createNeededJobs } from './ask-for-job.js'
import { createJobStore } from './job-store.js'
import { createLater } from './later.js'

function problem(code: ErrorCode): Response {
  const error = new LonghaulError(code, 'It was refused.')
  return Response.json(asProblem(error), { status: error.status })
}

it.each([
  ['by what stands between', () => new Response(null, { status: 503 })],
  ['by a server that is about to stop', () => problem('closed')],
])(
  'G-11: a result too large for a frame comes although the first request is refused %s',
  async (_, refusal) => {
    const api = await testApi([testJob('much', () => 'x'.repeat(40_000))])
    const id = await api.engine.enqueue('much')
    const network = networkTo(api)
    let asked = 0
    const client = clientOf(api, {
      async fetch(url, init) {
        if (init?.method !== 'GET') return network.fetch(url, init)
        asked += 1
        return asked === 1 ? refusal() : network.fetch(url, init)
      },
    })
    const job = client.job(id)
    onTestFinished(job.subscribe(() => undefined))
    await until(job, ({ state }) => state === 'known')
    await api.engine.startWorker()
    const { job: done } = await until(job, (snapshot) => snapshot.job?.status === 'completed')
    expect(done?.result).toHaveLength(40_000)
  },
)

it('a job that is needed again while it is being asked for is asked for once more', async () => {
  const gate = deferred()
  let asked = 0
  const store = createJobStore({ onNeeded: () => undefined, onContradicted: () => undefined })
  const need = createNeededJobs(
    async () => {
      asked += 1
      await gate.promise
      throw new LonghaulError('job_not_found', 'There is no such job.')
    },
    store,
    createLater(),
  )
  for (let n = 0; n < 3; n += 1) need('j')
  expect(asked).toBe(1)
  gate.resolve()
  await until(store.job('j'), ({ state }) => state === 'gone')
  await expect.poll(() => asked).toBe(2)
})

it('a job that got no answer is not asked for again by a client that was closed meanwhile', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  let asked = 0
  const later = createLater()
  const store = createJobStore({ onNeeded: () => undefined, onContradicted: () => undefined })
  const need = createNeededJobs(
    async () => {
      asked += 1
      throw new LonghaulError('closed', 'It stops.')
    },
    store,
    later,
  )
  need('j')
  await vi.advanceTimersByTimeAsync(1000)
  expect(asked).toBe(2)
  later.close()
  await vi.runAllTimersAsync()
  expect(asked).toBe(2)
})
