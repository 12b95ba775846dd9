import { expect, it } from 'vitest'
import { acmeAdmin, bob } from '../../../test/database.js'
import { testJob } from '../../../test/engine.js'
import { testApi } from '../../../test/http.js'

it('a queued job says what it waits for: a worker with its version, the end of a pause, or those that were lost with it', async () => {
  const api = await testApi([testJob('noop', () => null)])
  const { id } = (await (await api.post('/jobs', { type: 'noop' })).json()) as { id: string }
  let etag = ''
  const seen = async (): Promise<unknown> => {
    const headers = { 'if-none-match': etag }
    const answer = await api.request(`/jobs/${id}?include=waitingFor`, { headers })
    etag = answer.headers.get('etag') ?? ''
    return ((await answer.json()) as { waitingFor?: unknown }).waitingFor
  }
  expect(await seen()).toBe('worker')

  await api.engine.db.query(
    `insert into longhaul.workers (id, name, handles, lease_expires_at)
     values (gen_random_uuid(), 'newer', '{noop 2}', now() + interval '1 hour')`,
  )
  expect(
    (await api.request(`/jobs/${id}?include=waitingFor`, { headers: { 'if-none-match': etag } }))
      .status,
  ).toBe(304)

  await api.engine.db.query(`update longhaul.workers set handles = '{noop 1}'`)
  expect(await seen()).toBe(null)
  await api.post('/queues/noop/pause', undefined, { as: acmeAdmin })
  expect(await seen()).toBe('resume')
  await api.post('/queues/noop/resume', undefined, { as: acmeAdmin })

  await api.engine.db.query(
    `insert into longhaul.quarantined_jobs (tenant_id, job_id, lost_with, fence, goes_first)
     values ('acme', $1, gen_random_uuid(), 0, false)`,
    [id],
  )
  expect(await seen()).toBe('quarantine')
  const other = await api.request(`/jobs/${id}?include=waitingFor`, { as: bob })
  expect(other.status).toBe(404)
})

it('a job waits for nothing but its time while that has not come, and for nothing when it has settled', async () => {
  const api = await testApi([testJob('noop', () => null)])
  const later = await api.post('/jobs', { type: 'noop', delay: '1m' })
  const cancelled = (await (await api.post('/jobs', { type: 'noop' })).json()) as { id: string }
  await api.post(`/jobs/${cancelled.id}/cancel`)
  for (const { id } of [(await later.json()) as { id: string }, cancelled]) {
    const answer = await api.request(`/jobs/${id}?include=waitingFor`)
    expect(await answer.json()).toMatchObject({ id, waitingFor: null })
  }
})
