import { expect, it } from 'vitest'
import { bob } from '../../../test/database.js'
import { testJob } from '../../../test/engine.js'
import { testApi } from '../../../test/http.js'

const types = [
  testJob('page', ({ input }) => input),
  testJob('book', ({ items }) => items.completed),
]
const items = [1, 2, 3].map((input) => ({ type: 'page', input }))

it('makes a batch of a job with items, finds these by their parent, and shows them to nobody else', async () => {
  const api = await testApi(types)
  const response = await api.post('/jobs', { type: 'book', input: {}, items })
  const batch = (await response.json()) as { id: string; status: string }
  expect(response.status).toBe(201)
  expect(batch.status).toBe('waiting')

  const path = `/jobs?parent=${batch.id}&counts=true`
  expect(await (await api.request(path)).json()).toMatchObject({
    jobs: [{ parentId: batch.id }, { parentId: batch.id }, { parentId: batch.id }],
    counts: { queued: 3 },
  })
  expect(await (await api.request(`${path}&scope=visible`, { as: bob })).json()).toMatchObject({
    jobs: [],
  })
  await api.engine.startWorker()
  expect(await api.engine.until(batch.id, 'completed')).toMatchObject({ result: 3 })
  const gone = await api.post('/jobs/cancel', { filter: { parent: batch.id } })
  expect(await gone.json()).toEqual({ done: 0, left: 0 })
})

it('answers the same request with the same batch, and refuses what an item cannot have', async () => {
  const api = await testApi(types)
  const ask = (body: object) =>
    api.post(
      '/jobs',
      { type: 'book', input: {}, items, ...body },
      { headers: { 'idempotency-key': 'one' } },
    )
  const first = (await (await ask({})).json()) as { id: string }
  const second = await ask({})
  expect(second.status).toBe(200)
  expect(await second.json()).toMatchObject({ id: first.id })
  expect((await ask({ items: items.slice(1) })).status).toBe(422)

  const wrong = await api.post('/jobs', { type: 'book', items: [{ ...items[0], id: first.id }] })
  expect(wrong.status).toBe(422)
  const late = await api.post('/jobs', { type: 'book', items, delay: '1h' })
  expect(await late.json()).toMatchObject({ errors: [{ pointer: '/delay' }] })
  const unknown = await api.post('/jobs', { type: 'book', items: [...items, { type: 'lost' }] })
  expect(await unknown.json()).toMatchObject({ code: 'unknown_job_type' })
  expect((await api.request('/jobs?parent=me')).status).toBe(400)
})
