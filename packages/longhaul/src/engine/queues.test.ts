import { expect, it } from 'vitest'
import { acmeAdmin, ada } from '../../test/database.js'
import { type TestEngine, testEngine, testJob } from '../../test/engine.js'
import type { JobDefinition, Principal } from '../core/index.js'

const operator: Principal = { tenantId: 'ops', userId: 'olga', roles: ['operator'] }
const globexAdmin: Principal = { tenantId: 'globex', userId: 'gwen', roles: ['admin'] }

const kinds: [string, JobDefinition][] = [
  ['without limits', testJob('noop', () => null)],
  ['with limits', testJob('noop', () => null, { concurrency: { perQueue: 9, perKey: 9 } })],
]

/** A worker that has looked at all that was ready before this call: it took a job that was enqueued after it. */
async function untilWorkerHasLooked(engine: TestEngine): Promise<void> {
  await engine.until(await engine.enqueue('probe'), 'completed')
}

it.each(kinds)(
  'a paused queue %s starts no jobs of anybody, and all of them once it is resumed',
  async (_, definition) => {
    const engine = await testEngine([definition, testJob('probe', () => null)])
    await engine.queues.pause(operator, { queue: 'noop', scope: 'queue' })
    const id = await engine.enqueue('noop')
    await engine.startWorker({ pollMs: 3_600_000 })
    await untilWorkerHasLooked(engine)
    expect(await engine.job(id)).toMatchObject({ status: 'queued', attempt: 0 })

    await engine.queues.resume(operator, { queue: 'noop', scope: 'queue' })
    await engine.until(id, 'completed')
  },
)

it.each(kinds)('a tenant that is paused in a queue %s holds up no other', async (_, definition) => {
  const engine = await testEngine([definition, testJob('probe', () => null)])
  await engine.queues.pause(globexAdmin, { queue: 'noop' })
  const { job } = await engine.jobs.enqueue('noop', {}, { principal: globexAdmin })
  await engine.startWorker({ pollMs: 3_600_000 })
  await engine.until(await engine.enqueue('noop'), 'completed')
  await untilWorkerHasLooked(engine)
  expect((await engine.jobs.get(globexAdmin, job.id)).value.status).toBe('queued')

  await engine.queues.resume(globexAdmin, { queue: 'noop' })
  await expect
    .poll(async () => (await engine.jobs.get(globexAdmin, job.id)).value.status)
    .toBe('completed')
})

it('is for admins, of their own tenant, and for operators', async () => {
  const engine = await testEngine([])
  for (const [principal, scope] of [
    [ada, 'tenant'],
    [acmeAdmin, 'queue'],
    [operator, 'tenant'],
  ] as const) {
    await expect(engine.queues.pause(principal, { queue: 'noop', scope })).rejects.toMatchObject({
      code: 'forbidden',
    })
  }
  await expect(engine.queues.pause(acmeAdmin, { queue: 'No Name' })).rejects.toMatchObject({
    code: 'invalid_parameter',
  })
  await engine.queues.pause(acmeAdmin, { queue: 'noop' })
  await engine.queues.pause(operator, { queue: 'probe', scope: 'queue' })
  expect(await engine.queues.paused(ada)).toMatchObject([
    { queue: 'noop', scope: 'tenant', pausedBy: 'zoe' },
    { queue: 'probe', scope: 'queue', pausedBy: null },
  ])
  expect(await engine.queues.paused(globexAdmin)).toMatchObject([{ queue: 'probe' }])
})
