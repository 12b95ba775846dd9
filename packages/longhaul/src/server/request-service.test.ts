import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { ada, bob, grace, testDatabase } from '../../test/database.js'
import { silent } from '../../test/engine.js'
import { asHeader } from '../../test/http.js'
import { defineRequest, type JobStatus, type PassedRequest, type Principal } from '../core/index.js'
import { createLonghaul } from './index.js'
import { createRequestService } from './request-service.js'

/** An app with requests, and the back end that they are passed on to. */
async function appWithBackend({ silence = '15m' }: { silence?: '15m' | '10ms' } = {}) {
  const db = await testDatabase()
  const passed: PassedRequest<{ question: string }>[] = []
  const question = defineRequest('question', {
    input: z.object({ question: z.string() }),
    result: z.object({ answer: z.string() }),
    retry: { attempts: 2, minDelay: '1ms' },
    silence,
    pass: (request) => void passed.push(request),
  })
  const longhaul = createLonghaul({
    jobs: [question],
    database: db.connection,
    logger: silent,
    authenticate: ({ headers }) => JSON.parse(headers.get('x-principal') ?? 'null') as Principal,
  })
  onTestFinished(() => longhaul.stop({ graceMs: 0 }))
  await longhaul.work()
  const requests = createRequestService({ jobs: longhaul.jobs, principal: ada })
  const until = async (id: string, status: JobStatus): Promise<void> =>
    await expect.poll(() => requests.getRequestStatus(id)).toMatchObject({ status })
  const create = async (): Promise<string> => {
    const { id, status } = await requests.createRequest('question', { question: 'Why?' })
    expect(status).toBe('queued')
    return id
  }
  return { longhaul, passed, requests, create, until }
}

describe('a request that an outside back end works on', () => {
  it('is passed on once, follows what is reported, and holds no worker meanwhile', async () => {
    const { passed, requests, create, until } = await appWithBackend()
    const id = await create()
    await until(id, 'waiting')
    expect(passed).toMatchObject([{ requestId: id, attempt: 1, input: { question: 'Why?' } }])
    await requests.updateRequestStatus(id, 'running', { progress: 40, stage: 'Thinking' })
    await expect
      .poll(() => requests.getRequestStatus(id))
      .toMatchObject({ status: 'waiting', progress: 40, stage: 'Thinking' })
    await requests.updateRequestStatus(id, 'completed', { result: { answer: 'Because.' } })
    await until(id, 'completed')
    expect(await requests.getRequestStatus(id)).toMatchObject({
      status: 'completed',
      progress: 100,
      result: { answer: 'Because.' },
      isCancellationRequested: false,
    })
    expect(passed).toHaveLength(1)
  })

  it('G-59: obeys the status table: what is said first counts, and nothing after it has settled', async () => {
    const { requests, create, until } = await appWithBackend()
    const id = await create()
    await until(id, 'waiting')
    await requests.updateRequestStatus(id, 'failed', {
      error: { code: 'no_answer', message: 'There is none.' },
    })
    await requests.updateRequestStatus(id, 'completed', { result: { answer: 'Too late.' } }).catch(
      // It had settled by then; or it is told later that it has not counted.
      (error: unknown) => expect(error).toMatchObject({ code: 'invalid_state' }),
    )
    await until(id, 'failed')
    const settled = await requests.getRequestStatus(id)
    expect(settled).toMatchObject({ result: null, error: { code: 'no_answer' } })
    for (const status of ['running', 'completed', 'failed', 'cancelled'] as const) {
      await expect(requests.updateRequestStatus(id, status), status).rejects.toMatchObject({
        code: 'invalid_state',
      })
    }
    expect(await requests.getRequestStatus(id)).toEqual(settled)
  })

  it('F25, G-59: is ended once, though its end is reported fifty times at once', async () => {
    const { requests, create, until } = await appWithBackend()
    const id = await create()
    await until(id, 'waiting')
    const result = { answer: 'Once.' }
    await Promise.all(
      Array.from({ length: 50 }, () =>
        requests.updateRequestStatus(id, 'completed', { result }).catch((error: unknown) =>
          // It had settled by then.
          expect(error).toMatchObject({ code: 'invalid_state' }),
        ),
      ),
    )
    await until(id, 'completed')
    expect(await requests.getRequestStatus(id)).toMatchObject({ result, error: null })
  })

  it('is cancelled for whoever asks, which the back end can see, and can say itself', async () => {
    const { longhaul, requests, create, until } = await appWithBackend()
    const [asked, givenUp] = [await create(), await create()]
    await Promise.all([asked, givenUp].map((id) => until(id, 'waiting')))
    expect(await requests.isCancellationRequested(asked)).toBe(false)
    const cancelled = await requests.createCancellationRequest(asked, { reason: 'enough' })
    expect(cancelled).toMatchObject({ status: 'cancelled', isCancellationRequested: true })
    expect(await requests.isCancellationRequested(asked)).toBe(true)
    await requests.updateRequestStatus(givenUp, 'cancelled')
    expect(await longhaul.jobs.cancellations(ada, givenUp)).toMatchObject([
      { reason: 'The back end has given it up.' },
    ])
  })

  it('is passed on again when the back end has said nothing, and hears no more of the first time', async () => {
    const { passed, requests, create, until } = await appWithBackend({ silence: '10ms' })
    const id = await create()
    await until(id, 'failed')
    expect(await requests.getRequestStatus(id)).toMatchObject({ error: { code: 'backend_silent' } })
    expect(passed.map(({ attempt }) => attempt)).toEqual([1, 2])
    expect(new Set(passed.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(2)
  })

  it('takes no report of an attempt that is over', async () => {
    const { passed, requests, create, until } = await appWithBackend()
    const id = await create()
    await until(id, 'waiting')
    await requests.updateRequestStatus(id, 'failed', {
      error: { code: 'busy', message: 'Come again.', retryable: true },
    })
    await expect.poll(() => passed.length).toBe(2)
    await until(id, 'waiting')
    await requests.updateRequestStatus(id, 'completed', { result: { answer: 'Old.' }, attempt: 1 })
    await requests.updateRequestStatus(id, 'completed', { result: { answer: 'New.' }, attempt: 2 })
    await until(id, 'completed')
    expect(await requests.getRequestStatus(id)).toMatchObject({ result: { answer: 'New.' } })
  })

  it('F46: can be reported on over HTTP by whoever may act on it, and by nobody else', async () => {
    const { longhaul, create, until } = await appWithBackend()
    const id = await create()
    await until(id, 'waiting')
    const send = async (body: object, as: Principal | null): Promise<number> => {
      const headers = { ...asHeader(as), 'content-type': 'application/json' }
      const url = `http://localhost/api/longhaul/jobs/${id}/reports`
      const request = new Request(url, { method: 'POST', headers, body: JSON.stringify(body) })
      return (await longhaul.fetch(request)).status
    }
    const report = { status: 'completed', result: { answer: 'Because.' } }
    expect(await send(report, null)).toBe(401)
    for (const as of [bob, grace]) expect(await send(report, as)).toBe(404)
    expect(await send({ status: 'perhaps' }, ada)).toBe(422)
    const backend = { tenantId: ada.tenantId, userId: 'backend', roles: ['admin'] }
    expect(await send(report, backend)).toBe(204)
    await until(id, 'completed')
    expect(await send(report, backend)).toBe(409)
  })
})
