import { describe, expect, it } from 'vitest'
import { acmeAdmin, ada, bob, grace, newJob } from '../../test/database.js'
import { deferred, testEngine, testJob, untilAborted } from '../../test/engine.js'
import { tablesWith } from '../../test/tables-with.js'
import type { Principal } from '../core/index.js'
import { insertJobs, insertTicket, type Query } from '../postgres/index.js'
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

  it('G-38: waits for what somebody else is just changing, and may write once more', async () => {
    const engine = await testEngine([])
    const { db } = engine
    await db.query(
      `insert into longhaul.cascades (tenant_id, job_id, action, requested_by)
       values ('acme', gen_random_uuid(), 'cancel', $1)`,
      [mallory.userId],
    )
    const sweep = await db.connect()
    await sweep.query('begin')
    await sweep.query('select from longhaul.cascades for update')
    const looked = deferred()
    async function run<Row>(query: Query<Row>): Promise<readonly Row[]> {
      const rows = await db.run(query)
      if (query.text.includes('update longhaul.signals')) looked.resolve()
      return rows
    }
    const erased = createErase({ ...engine, db: { ...db, run } })(mallory, mallory)
    await looked.promise
    await sweep.query(
      `insert into longhaul.cancellations (tenant_id, job_id, requested_by, status, cut_off_at)
       select tenant_id, job_id, requested_by, 'pending', now() from longhaul.cascades`,
    )
    await sweep.query('commit')
    await erased
    expect(await tablesWith(db, mallory.userId)).toEqual([])
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

describe('erasing', () => {
  const made = 2500
  const mostPerPiece = 1000
  /** Rows of everything that belongs to no job, in the name of `evil-corp` and of its user. */
  const rows: Readonly<Record<string, string>> = {
    lanes: `(queue, tenant_id, key) select 'q', 'evil-corp', n`,
    lane_slots: `(queue, tenant_id, key, job_id) select 'q', 'evil-corp', n, gen_random_uuid()`,
    ready_jobs: `(queue, tenant_id, priority, run_at, id, type, type_version)
      select 'q', 'evil-corp', 0, now(), gen_random_uuid(), 'noop', 1`,
    settled_children: `(tenant_id, parent_id) select 'evil-corp', gen_random_uuid()`,
    settled_items: `(tenant_id, batch_id, status, change)
      select 'evil-corp', gen_random_uuid(), 'completed', 1`,
    cascades: `(tenant_id, job_id, action, requested_by)
      select 'evil-corp', gen_random_uuid(), 'cancel', 'mallory-77'`,
    expiries: `(expires_at, tenant_ids, job_ids)
      select now(), '{evil-corp,acme}', array[gen_random_uuid(), gen_random_uuid()]`,
    singletons: `(tenant_id, owner_id, type, key, job_id)
      select 'evil-corp', 'mallory-77', 'noop', n, gen_random_uuid()`,
    schedules: `(tenant_id, owner_id, id, job_type, input, priority, tags, cron, time_zone, missed, paused, next_at)
      select 'evil-corp', 'mallory-77', 's' || n, 'noop', '1', 0, '{}', '@yearly', 'UTC', 'once', false, now()`,
    tickets: `(hash, principal, expires_at)
      select n, '{"tenantId":"evil-corp","userId":"mallory-77"}', now()`,
    tenant_roles: `(role_name, tenant_id, user_id) select 'r' || n, 'evil-corp', 'mallory-77'`,
  }
  /** What a user has done to the jobs of others. */
  const deeds: Readonly<Record<string, string>> = {
    cancellations: `(tenant_id, job_id, requested_by, status, cut_off_at)
      select 'evil-corp', gen_random_uuid(), 'mallory-77', 'pending', now() + interval '1 h'`,
    signals: `(tenant_id, job_id, name, payload, sent_by)
      select 'evil-corp', gen_random_uuid(), 'go', '1', 'mallory-77'`,
  }

  it.each([
    ['a tenant', 'evil-corp', { tenantId: 'evil-corp' }, rows],
    [
      'a user',
      'mallory-77',
      { tenantId: 'evil-corp', userId: 'mallory-77' },
      { ...rows, ...deeds },
    ],
  ])(
    'G-49: %s goes in bounded pieces, and what was cut short is made up for',
    async (_, id, who, tables) => {
      const engine = await testEngine([])
      const { db } = engine
      for (const [table, values] of Object.entries(tables))
        await db.query(
          `insert into longhaul.${table} ${values} from generate_series(1, ${made}) as n`,
        )

      const sizes = async (): Promise<Record<string, number>> => {
        const counts = Object.keys(tables).map(
          (table) =>
            `(select count(*)::int from longhaul.${table} as t where position('${id}' in t::text) > 0) as ${table}`,
        )
        const [row] = await db.query(`select ${counts.join()}`)
        return row as Record<string, number>
      }
      let left = await sizes()
      let until = 0
      async function run<Row>(query: Query<Row>): Promise<readonly Row[]> {
        until -= 1
        if (until < 0) throw new Error('cut short')
        const result = await db.run(query)
        const now = await sizes()
        for (const [table, size] of Object.entries(now))
          expect(left[table]! - size, table).toBeLessThanOrEqual(mostPerPiece)
        left = now
        return result
      }
      const erase = createErase({ ...engine, db: { ...db, run } })
      for (const statements of [2, 7, 8]) {
        until = statements
        await expect(erase(operator, who)).rejects.toThrow('cut short')
      }
      expect(Object.values(left).filter((size) => size > 0 && size < made)).not.toEqual([])
      until = 100
      expect(await erase(operator, who)).toMatchObject({ left: 0 })
      expect(await tablesWith(db, id)).toEqual([])
      const others = await db.query(`select from longhaul.expiries where 'acme' = any(tenant_ids)`)
      expect(others.length).toBeGreaterThan(0)
    },
  )
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
