import { describe, expect, it } from 'vitest'
import { acmeAdmin, ada, bob, grace } from '../../../test/database.js'
import { deferred, testJob, untilAborted } from '../../../test/engine.js'
import { testApi } from '../../../test/http.js'
import { JobFailure } from '../../core/index.js'

const noop = testJob('noop', () => null)
const id = '0190a1b2-0000-7000-8000-000000000001'

describe('POST /jobs', () => {
  it('makes a job and answers with it, with no envelope round it', async () => {
    const api = await testApi([noop])
    const response = await api.post('/jobs', {
      type: 'noop',
      input: { a: 1 },
      priority: 3,
      tags: ['x'],
      metadata: { m: [1] },
    })
    expect(response.status).toBe(201)
    const job = await response.json()
    expect(response.headers.get('location')).toBe(`jobs/${job.id}`)
    expect(job).toMatchObject({
      type: 'noop',
      status: 'queued',
      version: 1,
      ownerId: 'ada',
      input: { a: 1 },
      result: null,
      error: null,
      progress: 0,
      priority: 3,
      tags: ['x'],
      metadata: { m: [1] },
      epoch: expect.stringMatching(/^[0-9a-f]+-[0-9a-f]+$/),
    })
    expect(job).not.toHaveProperty('tenantId')
    expect(job).not.toHaveProperty('fingerprint')
  })

  it('gives the same job for the same key, and says that it is a repetition', async () => {
    const api = await testApi([noop])
    const headers = { 'idempotency-key': 'order-7' }
    const first = await api.post('/jobs', { type: 'noop', input: { a: 1 } }, { headers })
    const again = await api.post('/jobs', { input: { a: 1 }, type: 'noop' }, { headers })
    const other = await api.post('/jobs', { type: 'noop', input: { a: 2 } }, { headers })
    expect([first.status, again.status, other.status]).toEqual([201, 200, 422])
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect((await again.json()).id).toBe((await first.json()).id)
    expect(await other.json()).toMatchObject({ code: 'idempotency_mismatch' })
  })

  it('takes an id that the client made, and tells others only that it is taken', async () => {
    const api = await testApi([noop])
    expect((await api.post('/jobs', { type: 'noop', id })).status).toBe(201)
    expect((await api.post('/jobs', { type: 'noop', id })).status).toBe(200)
    const taken = await api.post('/jobs', { type: 'noop', id }, { as: bob })
    expect(taken.status).toBe(409)
    expect(await taken.text()).not.toContain('ada')
    expect((await api.post('/jobs', { type: 'noop', id }, { as: grace })).status).toBe(201)
  })
})

describe('GET /jobs/{jobId}', () => {
  it('answers 304 to a caller that has this version, and 200 once it has changed', async () => {
    const api = await testApi([noop])
    const jobId = await api.engine.enqueue('noop')
    const first = await api.request(`/jobs/${jobId}`)
    const etag = first.headers.get('etag')!
    expect(first.headers.get('cache-control')).toBe('private, no-cache')
    const known = { headers: { 'if-none-match': `W/"other", ${etag}` } }
    expect((await api.request(`/jobs/${jobId}`, known)).status).toBe(304)
    expect((await api.request(`/jobs/${jobId}?include=steps`, known)).status).toBe(200)
    await api.post(`/jobs/${jobId}/cancel`)
    expect((await api.request(`/jobs/${jobId}`, known)).status).toBe(200)
  })

  it('answers 200 with the same version after the epoch has changed', async () => {
    const api = await testApi([noop])
    const jobId = await api.engine.enqueue('noop')
    const etag = (await api.request(`/jobs/${jobId}`)).headers.get('etag')!
    await api.engine.db.query('truncate longhaul.epochs')
    const response = await api.request(`/jobs/${jobId}`, { headers: { 'if-none-match': etag } })
    expect(response.status).toBe(200)
  })

  it('includes steps, failed attempts and cancellations when asked', async () => {
    const api = await testApi([
      testJob('busy', async ({ step, job, signal }) => {
        await step('one', () => 1)
        if (job.attempt === 1) throw new JobFailure('not yet', { code: 'later' })
        await untilAborted(signal)
      }),
    ])
    await api.engine.startWorker()
    const jobId = await api.engine.enqueue('busy')
    await api.engine.untilJob(jobId, (job) => job.attempt === 2 && job.status === 'running')
    await api.post(`/jobs/${jobId}/cancel`, { reason: 'enough', metadata: { from: 'test' } })
    await api.engine.until(jobId, 'cancelled')
    const response = await api.request(`/jobs/${jobId}?include=steps,attempts,cancellations`)
    expect(await response.json()).toMatchObject({
      status: 'cancelled',
      steps: [{ key: 'one', status: 'completed', runs: 1 }],
      attempts: [{ attempt: 1, error: { code: 'later', message: 'not yet' } }],
      cancellations: [
        { requestedBy: 'ada', reason: 'enough', status: 'processed', metadata: { from: 'test' } },
      ],
    })
  })
})

describe('GET /jobs/durations', () => {
  it('says how long the caller’s own completed jobs took, and nothing of others’', async () => {
    const gate = deferred()
    const api = await testApi([testJob('held', () => gate.promise.then(() => null)), noop])
    const { until, db } = api.engine
    const own = [await api.engine.enqueue('held'), await api.engine.enqueue('held')]
    const answer = await api.post('/jobs', { type: 'held' }, { as: bob })
    const others = ((await answer.json()) as { id: string }).id
    await api.engine.startWorker()
    for (const [n, jobId] of [...own, others].entries()) {
      await until(jobId, 'running')
      const age = `update longhaul.jobs set started_at = now() - $2::interval, version = version + 1 where id = $1`
      await db.query(age, [jobId, `${[10, 20, 3600][n]} minutes`])
    }
    gate.resolve()
    for (const jobId of [...own, others]) await until(jobId, 'completed')
    const response = await api.request('/jobs/durations?type=held,noop')
    const { durations } = await response.json()
    expect(durations).toMatchObject([{ type: 'held', runs: 2 }])
    expect(durations[0].medianMs / 60_000).toBeCloseTo(15, 0)
    expect(durations[0].p90Ms / 60_000).toBeCloseTo(19, 0)
    expect((await api.request('/jobs/durations')).status).toBe(400)
  })
})

describe('GET /jobs', () => {
  it('pages through the caller’s own jobs, with counts when asked', async () => {
    const api = await testApi([noop])
    const ids = new Set<string>()
    for (let n = 0; n < 5; n += 1) ids.add(await api.engine.enqueue('noop'))
    await api.post('/jobs', { type: 'noop' }, { as: bob })
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`
      const page = await (await api.request(`/jobs?limit=2&counts=true${query}`)).json()
      seen.push(...page.jobs.map((job: { id: string }) => job.id))
      expect(page).toMatchObject({ counts: { queued: 5, running: 0 }, countsCapped: false })
      cursor = page.nextCursor
    }
    expect(seen).toHaveLength(5)
    expect(new Set(seen)).toEqual(ids)
  })

  it('ends a page that would be many megabytes, and goes on where it ended', async () => {
    const api = await testApi([noop])
    const items = Array.from({ length: 20 }, (_, n) => ({
      type: 'noop',
      input: { n, text: 'x'.repeat(1_000_000) },
    }))
    await api.engine.jobs.enqueueMany(items, { principal: ada })
    const sizes: number[] = []
    const seen = new Set<string>()
    let cursor: string | null = ''
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`
      const text = await (await api.request(`/jobs?limit=200${query}`)).text()
      expect(text.length).toBeLessThan(10_000_000)
      const page = JSON.parse(text) as { jobs: { id: string }[]; nextCursor: string | null }
      for (const job of page.jobs) seen.add(job.id)
      sizes.push(page.jobs.length)
      cursor = page.nextCursor
    }
    expect(sizes).toEqual([9, 9, 2])
    expect(seen.size).toBe(20)
  })

  it('shows an admin all of the tenant’s jobs when asked for what is visible', async () => {
    const api = await testApi([noop])
    await api.engine.enqueue('noop')
    await api.post('/jobs', { type: 'noop' }, { as: grace })
    const list = async (as: typeof ada, query: string): Promise<number> =>
      (await (await api.request(`/jobs${query}`, { as })).json()).jobs.length
    expect(await list(acmeAdmin, '')).toBe(0)
    expect(await list(acmeAdmin, '?scope=visible')).toBe(1)
    expect(await list(bob, '?scope=visible')).toBe(0)
  })
})

describe('cancel, retry and delete', () => {
  it('answers 200 when the job is cancelled and 202 while its handler is being told', async () => {
    const api = await testApi([testJob('long', ({ signal }) => untilAborted(signal))])
    const queued = await api.engine.enqueue('long')
    const first = await api.post(`/jobs/${queued}/cancel`)
    expect([first.status, (await first.json()).status]).toEqual([200, 'cancelled'])
    expect((await api.post(`/jobs/${queued}/cancel`)).status).toBe(200)

    await api.engine.startWorker()
    const running = await api.engine.enqueue('long')
    await api.engine.until(running, 'running')
    const second = await api.post(`/jobs/${running}/cancel`, {})
    expect([second.status, (await second.json()).status]).toEqual([202, 'running'])
    await api.engine.until(running, 'cancelled')
    expect((await api.post(`/jobs/${running}/cancel`)).status).toBe(200)
  })

  it('answers 409 with the status that the job lost to', async () => {
    const api = await testApi([noop])
    await api.engine.startWorker()
    const jobId = await api.engine.enqueue('noop')
    await api.engine.until(jobId, 'completed')
    for (const action of ['cancel', 'retry']) {
      const response = await api.post(`/jobs/${jobId}/${action}`)
      expect(response.status).toBe(409)
      expect(await response.json()).toMatchObject({
        code: 'invalid_state',
        errors: [{ pointer: '/status', code: 'completed' }],
      })
    }
  })

  it('retries a cancelled job, and deletes it once it has settled again', async () => {
    const api = await testApi([noop])
    const jobId = await api.engine.enqueue('noop')
    expect((await api.request(`/jobs/${jobId}`, { method: 'DELETE' })).status).toBe(409)
    await api.post(`/jobs/${jobId}/cancel`)
    const retried = await api.post(`/jobs/${jobId}/retry`)
    expect([retried.status, (await retried.json()).status]).toEqual([200, 'queued'])
    await api.post(`/jobs/${jobId}/cancel`)
    expect((await api.request(`/jobs/${jobId}`, { method: 'DELETE' })).status).toBe(204)
    expect((await api.request(`/jobs/${jobId}`)).status).toBe(404)
  })
})

describe('POST /jobs/batch', () => {
  it('makes all jobs or none', async () => {
    const api = await testApi([noop])
    const made = await api.post('/jobs/batch', {
      jobs: [
        { type: 'noop', input: 1 },
        { type: 'noop', delay: '1h' },
      ],
    })
    expect(made.status).toBe(201)
    expect((await made.json()).jobs).toMatchObject([{ input: 1 }, { input: {} }])
    const refused = await api.post('/jobs/batch', { jobs: [{ type: 'noop' }, { type: 'nope' }] })
    expect([refused.status, (await refused.json()).code]).toEqual([422, 'unknown_job_type'])
    expect((await api.post('/jobs/batch', { jobs: [] })).status).toBe(422)
    expect(await api.engine.db.query('select from longhaul.jobs')).toHaveLength(2)
  })
})

describe('/jobs/cleanup', () => {
  it('deletes what has expired, for the cron secret only', async () => {
    const api = await testApi([testJob('brief', () => null, { expiresAfter: 0 })])
    const jobId = await api.engine.enqueue('brief')
    await api.post(`/jobs/${jobId}/cancel`)
    for (const authorization of ['', 'Bearer wrong', 'Basic cron-secret']) {
      const refused = await api.post('/jobs/cleanup', undefined, { headers: { authorization } })
      expect(refused.status).toBe(401)
    }
    const response = await api.request('/jobs/cleanup', {
      as: null,
      headers: { authorization: 'Bearer cron-secret' },
    })
    expect(await response.json()).toEqual({ deleted: 1, more: false })
  })

  it('is closed while the app has no cron secret', async () => {
    const api = await testApi([noop], { cronSecret: undefined })
    expect(
      (
        await api.post('/jobs/cleanup', undefined, {
          headers: { authorization: 'Bearer undefined' },
        })
      ).status,
    ).toBe(401)
  })
})

describe('/health', () => {
  it('is open to anybody and says how things are', async () => {
    const api = await testApi([noop])
    const response = await api.request('/health', { as: null })
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ status: 'ok', database: 'ok' })
  })
})
