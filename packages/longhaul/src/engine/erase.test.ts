import { describe, expect, it } from 'vitest'
import { acmeAdmin, ada, bob, grace, newJob } from '../../test/database.js'
import { deferred, testEngine, testJob, untilAborted } from '../../test/engine.js'
import { tablesWith } from '../../test/tables-with.js'
import type { Principal } from '../core/index.js'
import { insertJobs, insertTicket } from '../postgres/index.js'
import { createErase } from './erase.js'
import { createVault } from './secrets/vault.js'

const mallory: Principal = { tenantId: 'acme', userId: 'mallory-77', roles: [] }
const operator: Principal = { tenantId: 'us', userId: 'olga', roles: ['operator'] }
const vault = createVault([{ id: 'k1', key: Buffer.alloc(32, 7) }])

describe('erasing a user', () => {
  it('G-38: leaves the user’s id in no table, and everybody else’s jobs as they were', async () => {
    const engine = await testEngine(
      [
        testJob('shared', ({ waitForSignal }) => waitForSignal('go'), { visibility: 'tenant' }),
        testJob('step', async ({ step, stream, job }) => {
          await step('say', () => stream.write(`of ${job.ownerId}`))
          return job.ownerId
        }),
        testJob('never', () => null),
      ],
      { vault },
    )
    const { jobs, db, schedules } = engine
    const as = (principal: Principal) => ({ principal })
    await engine.startWorker()
    const done = await jobs.enqueue('step', { by: mallory.userId }, as(mallory))
    await engine.until(done.job.id, 'completed')
    const waits = await jobs.enqueue(
      'shared',
      {},
      { ...as(mallory), idempotencyKey: mallory.userId },
    )
    await engine.until(waits.job.id, 'waiting')
    await jobs.enqueue(
      'never',
      {},
      { ...as(mallory), delay: '1h', secrets: { key: 'x' }, singleton: true },
    )
    await schedules.set(mallory, { id: 's', type: 'never', input: {}, cron: '@yearly' })
    await db.run(insertTicket({ hash: 'h', principal: mallory, lifetimeMs: 60_000 }))
    await db.query(`insert into longhaul.tenant_roles values ('m', 'acme', $1)`, [mallory.userId])
    // What the user did to others.
    await db.query(
      `insert into longhaul.cascades (tenant_id, job_id, action, requested_by, reason)
       values ('acme', gen_random_uuid(), 'cancel', $1, $1)`,
      [mallory.userId],
    )
    const [one, two] = await Promise.all([1, 2].map(() => jobs.enqueue('shared', {}, as(bob))))
    await engine.until(one!.job.id, 'waiting')
    await jobs.cancel({ principal: mallory, id: one!.job.id, reason: 'I, mallory-77, say so' })
    await jobs.signal({ principal: mallory, id: two!.job.id, name: 'go', payload: 1 })
    await engine.until(two!.job.id, 'completed')
    await engine.queues.pause({ ...mallory, roles: ['admin'] }, { queue: 'never' })
    expect(await tablesWith(db, mallory.userId)).not.toEqual([])

    const erase = createErase(engine)
    expect(await erase(mallory, mallory)).toEqual({ jobs: 3, schedules: 1, left: 0 })
    expect(await tablesWith(db, mallory.userId)).toEqual([])
    expect(await db.query('select from longhaul.secrets')).toEqual([])
    expect(await engine.job(one!.job.id)).toMatchObject({ status: 'cancelled' })
    expect(await jobs.cancellations(bob, one!.job.id)).toMatchObject([
      { requestedBy: 'erased', reason: null },
    ])
    expect(await engine.job(two!.job.id)).toMatchObject({ status: 'completed', result: 1 })
    expect(await erase(mallory, mallory)).toEqual({ jobs: 0, schedules: 0, left: 0 })
  })

  it('G-38: stops a handler that runs, and voids what one that does not stop still writes', async () => {
    const [begun, gate, ended] = [deferred(), deferred(), deferred<unknown>()]
    const engine = await testEngine([
      testJob('stops', ({ signal }) => untilAborted(signal)),
      testJob(
        'deaf',
        async ({ step }) => {
          begun.resolve()
          await gate.promise
          ended.resolve(await step('late', () => 'mallory-77').catch((error: unknown) => error))
        },
        { cancelGrace: 0 },
      ),
    ])
    await engine.startWorker()
    const [a] = await Promise.all(
      ['stops', 'deaf'].map((type) => engine.jobs.enqueue(type, {}, { principal: mallory })),
    )
    await begun.promise
    await engine.until(a!.job.id, 'running')
    expect(await createErase(engine)(operator, mallory)).toMatchObject({ jobs: 2, left: 0 })
    gate.resolve()
    expect(await ended.promise).toBeInstanceOf(Error)
    expect(await tablesWith(engine.db, mallory.userId)).toEqual([])
  })

  it('says what is left when its patience is over, and ends the next time', async () => {
    const engine = await testEngine([testJob('noop', () => null)])
    const id = await engine.db.insertJob({ ownerId: mallory.userId })
    const workerId = await engine.db.registerWorker()
    await engine.db.claim({ workerId })
    const erase = createErase(engine)
    expect(await erase(mallory, mallory, { patience: 0 })).toMatchObject({ jobs: 0, left: 1 })
    expect(await engine.job(id)).toMatchObject({ status: 'running' })
    await engine.db.query(
      `update longhaul.cancellations set cut_off_at = now() - interval '1 second'`,
    )
    expect(await erase(mallory, mallory)).toMatchObject({ jobs: 1, left: 0 })
  })

  it('goes on in pieces', async () => {
    const engine = await testEngine([])
    const rows = Array.from({ length: 1201 }, () => newJob({ ownerId: mallory.userId }))
    await engine.db.run(insertJobs(rows))
    await engine.db.insertJob()
    expect(await createErase(engine)(operator, mallory)).toMatchObject({ jobs: 1201, left: 0 })
    expect(await engine.db.query('select owner_id from longhaul.jobs')).toEqual([
      { owner_id: 'ada' },
    ])
    expect(await engine.db.query('select count(*)::int as n from longhaul.ready_jobs')).toEqual([
      { n: 1 },
    ])
  })
})

describe('erasing a tenant', () => {
  it('G-38: leaves its id in no table, and another’s jobs to expire as before', async () => {
    const engine = await testEngine([testJob('never', () => null)])
    const { db, jobs } = engine
    const ours = { ...mallory, tenantId: 'evil-corp' }
    await db.run(
      insertJobs([
        newJob({ id: '00000000-0000-7000-8000-000000000001', tenantId: 'evil-corp' }),
        newJob({ id: '00000000-0000-7000-8000-000000000002', tenantId: 'acme' }),
      ]),
    )
    await jobs.enqueue('never', {}, { principal: ours, singleton: true })
    await db.query(
      `update longhaul.jobs set status = 'failed', error = '{}', finished_at = now(), expires_at = now(), version = version + 1 where type = 'noop'`,
    )
    await db.query(
      `insert into longhaul.expiries select now(), array_agg(tenant_id order by id), array_agg(id order by id) from longhaul.jobs where type = 'noop'`,
    )
    await engine.queues.pause({ ...ours, roles: ['admin'] }, { queue: 'never' })
    await db.query(`insert into longhaul.tenant_roles values ('evil', 'evil-corp', null)`)
    expect(await createErase(engine)(operator, { tenantId: 'evil-corp' })).toMatchObject({
      jobs: 2,
      left: 0,
    })
    expect(await tablesWith(db, 'evil-corp')).toEqual([])
    expect(await jobs.deleteExpired()).toMatchObject({ deleted: 1 })
  })
})

it('is for oneself, for admins of the tenant and for operators, and a tenant only for operators', async () => {
  const erase = createErase(await testEngine([]))
  for (const principal of [mallory, acmeAdmin, operator])
    expect(await erase(principal, mallory)).toMatchObject({ left: 0 })
  const forbidden = { code: 'forbidden' }
  await expect(erase(ada, mallory)).rejects.toMatchObject(forbidden)
  await expect(erase({ ...grace, roles: ['admin'] }, mallory)).rejects.toMatchObject(forbidden)
  await expect(erase(acmeAdmin, { tenantId: 'acme' })).rejects.toMatchObject(forbidden)
  await expect(erase(operator, { tenantId: '' })).rejects.toMatchObject({ code: 'invalid_input' })
})
