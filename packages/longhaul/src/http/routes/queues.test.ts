import { expect, it } from 'vitest'
import { acmeAdmin, ada, grace } from '../../../test/database.js'
import { testJob } from '../../../test/engine.js'
import { testApi } from '../../../test/http.js'

const operator = { ...grace, roles: ['operator'] }

it('a queue is paused and resumed by those who may, and everybody sees what holds their jobs up', async () => {
  const api = await testApi([testJob('noop', () => null)])
  expect((await api.post('/queues/noop/pause', {}, { as: ada })).status).toBe(403)
  expect((await api.post('/queues/noop/pause', { scope: 'queue' }, { as: acmeAdmin })).status).toBe(
    403,
  )

  const paused = await api.post('/queues/noop/pause', undefined, { as: acmeAdmin })
  expect(await paused.json()).toMatchObject({ paused: [{ queue: 'noop', scope: 'tenant' }] })
  await api.post('/queues/noop/pause', { scope: 'queue' }, { as: operator })

  const seen = async (as: typeof ada): Promise<unknown> =>
    (await api.request('/queues/paused', { as })).json()
  expect(await seen(ada)).toMatchObject({ paused: [{ scope: 'queue' }, { scope: 'tenant' }] })
  expect(await seen(grace)).toMatchObject({ paused: [{ queue: 'noop', pausedBy: null }] })

  const resumed = await api.post('/queues/noop/resume', { scope: 'queue' }, { as: operator })
  expect(await resumed.json()).toEqual({ paused: [] })
})

it('jobs that no worker will take are told from those that wait for their turn', async () => {
  const api = await testApi([testJob('noop', () => null)])
  await api.post('/jobs', { type: 'noop' }, { as: ada })

  const unhandled = await api.request('/queues/unhandled', { as: ada })

  expect(await unhandled.json()).toEqual({ unhandled: [{ type: 'noop', version: 1, jobs: 1 }] })
  expect(await (await api.request('/queues/unhandled', { as: grace })).json()).toEqual({
    unhandled: [],
  })
})
