import { describe, expect, it } from 'vitest'
import { ada, bob, grace } from '../../../test/database.js'
import { testJob } from '../../../test/engine.js'
import { testApi } from '../../../test/http.js'

const noop = testJob('noop', () => null)
const daily = { type: 'noop', input: { n: 1 }, cron: '0 8 * * *', timeZone: 'Europe/Lisbon' }

const put = (body: unknown): RequestInit => ({
  method: 'PUT',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

describe('/schedules', () => {
  it('are made, changed, listed and deleted by their owner, and seen by nobody else', async () => {
    const api = await testApi([noop])
    const made = await api.request('/schedules/daily', put(daily))
    expect(made.status).toBe(200)
    expect(await made.json()).toMatchObject({ id: 'daily', ownerId: 'ada', ...daily })

    const changed = await api.request('/schedules/daily', put({ ...daily, cron: '@hourly' }))
    expect((await changed.json()).cron).toBe('@hourly')
    const list = await (await api.request('/schedules')).json()
    expect(list.schedules).toHaveLength(1)
    for (const as of [bob, grace]) {
      expect(await (await api.request('/schedules', { as })).json()).toEqual({ schedules: [] })
      expect((await api.request('/schedules/daily', { as })).status).toBe(404)
      expect((await api.request('/schedules/daily', { as, method: 'DELETE' })).status).toBe(404)
    }
    expect((await api.request('/schedules/daily', { method: 'DELETE' })).status).toBe(204)
    expect((await api.request('/schedules/daily', { as: ada })).status).toBe(404)
  })

  it('are refused with the place of what is wrong', async () => {
    const api = await testApi([noop])
    const response = await api.request('/schedules/daily', put({ ...daily, cron: 'often' }))
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({
      code: 'invalid_input',
      errors: [{ pointer: '/cron' }],
    })
    expect((await api.request('/schedules/No%20Name', put(daily))).status).toBe(422)
    expect((await api.request('/schedules/daily', put({ ...daily, every: 'day' }))).status).toBe(
      422,
    )
  })
})

describe('/jobs/{id}/signals/{name}', () => {
  it('reaches the handler that waits for it, once for each key', async () => {
    const api = await testApi([
      testJob('review', async ({ waitForSignal }) => [
        (await waitForSignal('review')) ?? null,
        (await waitForSignal('review', { timeout: 5 })) ?? 'no more',
      ]),
    ])
    await api.engine.startWorker()
    const id = await api.engine.enqueue('review')
    await api.engine.until(id, 'waiting')
    const headers = { 'idempotency-key': 'k1' }
    for (let n = 0; n < 2; n += 1) {
      const sent = await api.post(`/jobs/${id}/signals/review`, { ok: true }, { headers })
      expect(sent.status).toBe(204)
    }
    expect((await api.engine.until(id, 'completed')).result).toEqual([{ ok: true }, 'no more'])
    const late = await api.post(`/jobs/${id}/signals/review`, 1)
    expect([late.status, (await late.json()).code]).toEqual([409, 'invalid_state'])
  })

  it('tells nothing to whoever may not see the job, and takes only names', async () => {
    const api = await testApi([noop])
    const id = await api.engine.enqueue('noop')
    for (const as of [bob, grace]) {
      expect((await api.post(`/jobs/${id}/signals/go`, null, { as })).status).toBe(404)
    }
    expect((await api.post(`/jobs/${id}/signals/No%20Name`, null)).status).toBe(400)
    expect((await api.post(`/jobs/${id}/signals/go`, '\u0000')).status).toBe(422)
  })
})
