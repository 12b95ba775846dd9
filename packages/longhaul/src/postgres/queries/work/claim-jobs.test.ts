import { describe, expect, it } from 'vitest'
import { newJob, testDatabase } from '../../../../test/database.js'
import { insertJobs } from '../jobs/insert-jobs.js'
import { claimJobs, readClaim } from './claim-jobs.js'
import { roundAfter, roundLeft } from './turns.js'

const noop = {
  handled: [{ type: 'noop', version: 1 }],
  endedClaims: [],
  round: roundAfter(['noop'], undefined),
}

describe('claiming', () => {
  it('G-04: never gives one job to two workers that claim at the same time', async () => {
    const db = await testDatabase()
    await db.run(
      insertJobs(
        Array.from({ length: 40 }, () => newJob()),
        1000,
      ),
    )
    const workers = await Promise.all(Array.from({ length: 8 }, () => db.registerWorker()))

    const claims = await Promise.all(workers.map((workerId) => db.claim({ workerId, limit: 10 })))

    const ids = claims.flat().map((job) => job.id)
    expect(ids).toHaveLength(40)
    expect(new Set(ids).size).toBe(40)
  })

  it('counts the attempt, makes a new fence and records the claim for rescue', async () => {
    const db = await testDatabase()
    const id = await db.insertJob()
    const workerId = await db.registerWorker()

    const [job] = await db.claim({ workerId, number: 7 })

    expect(job).toMatchObject({ id, attempt: 1, fence: 1, ownerId: 'ada', input: { n: 1 } })
    expect(await db.query('select status, version, worker_id from longhaul.jobs')).toEqual([
      { status: 'running', version: 2, worker_id: workerId },
    ])
    expect(await db.query('select worker_id, number, job_ids from longhaul.claims')).toEqual([
      { worker_id: workerId, number: 7, job_ids: [id] },
    ])
    expect(await db.query('select from longhaul.ready_jobs')).toEqual([])
  })

  it('gives nothing to a worker whose lease is over or that was never registered', async () => {
    const db = await testDatabase()
    await db.insertJob()
    const workerId = await db.registerWorker()
    await db.expireLease(workerId)

    expect(await db.claim({ workerId })).toEqual([])
    expect(await db.claim({ workerId: '00000000-0000-7000-8000-000000000000' })).toEqual([])
    expect(await db.query('select from longhaul.ready_jobs')).toHaveLength(1)
  })

  it('takes only the types and versions that the worker defines', async () => {
    const db = await testDatabase()
    await db.insertJob({ typeVersion: 2 })
    await db.insertJob({ type: 'other' })
    const id = await db.insertJob()
    const workerId = await db.registerWorker()

    expect((await db.claim({ workerId })).map((job) => job.id)).toEqual([id])
  })

  it("takes a tenant's jobs by priority, then by age", async () => {
    const db = await testDatabase()
    const old = await db.insertJob({ runAt: '2026-01-01T00:00:00Z' })
    const young = await db.insertJob({ runAt: '2026-02-01T00:00:00Z' })
    const urgent = await db.insertJob({ priority: 5, runAt: '2026-03-01T00:00:00Z' })
    const workerId = await db.registerWorker()

    const order: string[] = []
    for (let n = 0; n < 3; n += 1) order.push((await db.claim({ workerId, limit: 1 }))[0]!.id)

    expect(order).toEqual([urgent, old, young])
  })

  it('lets tenants take turns, however many jobs one of them has waiting', async () => {
    const db = await testDatabase()
    const many = Array.from({ length: 200 }, () => newJob({ tenantId: 'big', priority: 9 }))
    await db.run(insertJobs(many, 1000))
    await db.insertJob({ tenantId: 'small' })
    await db.insertJob({ tenantId: 'tiny' })
    const workerId = await db.registerWorker()

    const first = await db.claim({ workerId, limit: 6 })
    expect(new Set(first.map((job) => job.tenantId))).toEqual(new Set(['big', 'small', 'tiny']))
    // With room for one job at a time the walk goes on where it ended, and comes round again.
    await db.insertJob({ tenantId: 'small' })
    await db.insertJob({ tenantId: 'tiny' })
    const turns: string[] = []
    for (let n = 0; n < 4; n += 1) {
      const tenantId = turns.at(-1) ?? ''
      const [job] = await db.claim({ workerId, limit: 1, after: { queue: 'noop', tenantId } })
      turns.push(job!.tenantId)
    }
    expect(turns).toEqual(['big', 'small', 'tiny', 'big'])
  })

  it('passes over a job that somebody has locked, and takes the others at once', async () => {
    const db = await testDatabase()
    const locked = await db.insertJob({ runAt: '2026-01-01T00:00:00Z' })
    const free = await db.insertJob()
    const workerId = await db.registerWorker()
    const other = await db.connect()
    await other.query('begin')
    await other.query('select from longhaul.jobs where id = $1 for update', [locked])

    expect((await db.claim({ workerId })).map((job) => job.id)).toEqual([free])
    await other.query('rollback')
    expect((await db.claim({ workerId })).map((job) => job.id)).toEqual([locked])
  })

  it('clears away an entry whose job is not claimable, and does not run the job', async () => {
    const db = await testDatabase()
    await db.insertJob()
    await db.insertJob()
    await db.query(
      `update longhaul.jobs set promote_at = now() + interval '1 hour', version = version + 1
       where id = (select id from longhaul.jobs limit 1)`,
    )
    await db.query(
      `update longhaul.jobs set status = 'cancelled', finished_at = now(), expires_at = now(), version = version + 1
       where promote_at is null`,
    )
    const workerId = await db.registerWorker()

    expect(await db.claim({ workerId })).toEqual([])
    expect(await db.query('select from longhaul.ready_jobs')).toEqual([])
  })

  it('walks the index of ready jobs and reads no settled one, however many there are', async () => {
    const db = await testDatabase()
    await db.query(
      `insert into longhaul.jobs (tenant_id, id, owner_id, visibility, type, type_version, queue, input,
         max_attempts, attempts_per_retry, cancel_grace, expires_after, status, result, finished_at, expires_at)
       select 'acme', gen_random_uuid(), 'ada', 'owner', 'noop', 1, 'noop', '{}', 5, 5, '1s', '1d',
         'completed', '1', now(), now() from generate_series(1, 5000)`,
    )
    await db.run(
      insertJobs(
        Array.from({ length: 500 }, () => newJob()),
        1000,
      ),
    )
    await db.query('analyze')
    const workerId = await db.registerWorker()
    const { text, values } = claimJobs({ ...noop, workerId, number: 1, limit: 10 })

    const explain = `explain (analyze, costs off, timing off, format json) ${text}`
    const plan = JSON.stringify(await db.run({ text: explain, values }))

    expect(plan).toContain('ready_jobs_turn_idx')
    expect(plan).toContain('Tid Scan')
    expect(plan).not.toContain('Seq Scan')
  })

  it('lets the queues of one tenant take turns too', async () => {
    const db = await testDatabase()
    for (const queue of ['alpha', 'beta']) {
      await db.run(insertJobs([newJob({ queue }), newJob({ queue })], 1000))
    }
    const workerId = await db.registerWorker()
    const turns: string[] = []
    for (let n = 0; n < 4; n += 1) {
      const queue = turns.at(-1)
      const after = queue === undefined ? undefined : { queue, tenantId: 'acme' }
      const [job] = await db.claim({ workerId, queues: ['beta', 'alpha'], limit: 1, after })
      turns.push(job!.queue)
    }
    expect(turns).toEqual(['alpha', 'beta', 'alpha', 'beta'])
  })

  it('passes over turns in which there is nothing for this worker', async () => {
    const db = await testDatabase()
    for (const tenantId of ['a', 'b', 'c']) await db.insertJob({ tenantId, typeVersion: 2 })
    await db.insertJob({ tenantId: 'd' })
    // Whoever deletes jobs by hand leaves their entries behind.
    await db.query(`delete from longhaul.jobs where tenant_id = 'b'`)

    const claimed = await db.claim({ workerId: await db.registerWorker(), limit: 1 })

    expect(claimed.map(({ tenantId }) => tenantId)).toEqual(['d'])
  })

  it('says where it stopped when it had to stop before it had come round', async () => {
    const db = await testDatabase()
    const tenants = Array.from({ length: 70 }, (_, n) => `t${String(n).padStart(3, '0')}`)
    await db.run(
      insertJobs(
        tenants.map((tenantId) => newJob({ tenantId, typeVersion: 2 })),
        1000,
      ),
    )
    const workerId = await db.registerWorker()
    const claim = { ...noop, workerId, number: 1, limit: 1 }

    const first = readClaim(await db.run(claimJobs(claim)))
    expect(first).toEqual({
      jobs: [],
      more: true,
      last: { queue: 'noop', tenantId: 't063', stretch: 1 },
    })
    const next = { ...claim, round: roundAfter(['noop'], first.last) }
    const second = readClaim(await db.run(claimJobs(next)))
    expect(second).toMatchObject({ jobs: [], last: { tenantId: 't057', stretch: 2 } })
    const rest = { ...claim, round: roundLeft(claim.round, first.last!) }
    const third = readClaim(await db.run(claimJobs(rest)))
    expect(third).toMatchObject({ jobs: [], more: false, last: { tenantId: 't069' } })
  })
})
