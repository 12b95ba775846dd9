import { expect, it } from 'vitest'
import { acmeAdmin, ada, bob, grace } from '../../../test/database.js'
import { testJob, untilAborted } from '../../../test/engine.js'
import { testApi } from '../../../test/http.js'

const busyJob = testJob('busy', ({ signal }) => untilAborted(signal))

it('cancels the jobs of a filter, those that run as well, and nobody else’s', async () => {
  const api = await testApi([testJob('idle', () => null), busyJob])
  await api.engine.startWorker({ definitions: [busyJob] })
  const busy = await api.engine.enqueue('busy')
  await api.engine.until(busy, 'running')
  const idle = await Promise.all([1, 2, 3].map(() => api.engine.enqueue('idle')))

  for (const as of [bob, grace]) {
    const others = await api.post('/jobs/cancel', { filter: { scope: 'visible' } }, { as })
    expect(await others.json()).toEqual({ done: 0, left: 0 })
  }
  const some = await api.post('/jobs/cancel', { filter: { type: ['idle'] }, reason: 'enough' })
  expect(await some.json()).toEqual({ done: 3, left: 0 })
  const [record] = await api.engine.jobs.cancellations(acmeAdmin, idle[0]!)
  expect(record).toMatchObject({ requestedBy: 'ada', reason: 'enough', status: 'processed' })

  const rest = await api.post('/jobs/cancel', { filter: { scope: 'visible' } }, { as: acmeAdmin })
  expect(await rest.json()).toEqual({ done: 1, left: 0 })
  await api.engine.until(busy, 'cancelled')
})

it('works in pieces, says what is left, and comes back for what somebody had locked', async () => {
  const api = await testApi([testJob('noop', () => null)])
  const { db, jobs } = api.engine
  const items = Array.from({ length: 1150 }, () => ({ type: 'noop', input: {} }))
  await jobs.enqueueMany(items, { principal: ada })
  const ask = async (path: string): Promise<unknown> =>
    (await api.post(path, { filter: { type: ['noop'] } })).json()

  expect(await ask('/jobs/cancel')).toEqual({ done: 1000, left: 150 })
  expect(await ask('/jobs/cancel')).toEqual({ done: 150, left: 0 })
  expect(await db.query('select from longhaul.ready_jobs')).toEqual([])
  const other = await db.connect()
  await other.query('begin')
  await other.query('select from longhaul.jobs limit 1 for update')
  expect(await ask('/jobs/retry')).toEqual({ done: 1000, left: 150, skipped: [] })
  expect(await ask('/jobs/retry')).toEqual({ done: 149, left: 1, skipped: [] })
  await other.query('rollback')
  expect(await ask('/jobs/retry')).toEqual({ done: 1, left: 0, skipped: [] })
  expect(await db.query('select from longhaul.ready_jobs')).toHaveLength(1150)
})

it('refuses a request without a filter, or with one that is none', async () => {
  const api = await testApi([])
  expect((await api.post('/jobs/cancel', {})).status).toBe(422)
  expect((await api.post('/jobs/retry', { filter: { colour: ['red'] } })).status).toBe(422)
})
