import { describe, expect, it } from 'vitest'
import { newJob, testDatabase } from '../../../../test/database.js'
import { insertJobs } from '../jobs/insert-jobs.js'
import { claimJobs, claimLimitedJobs, type ClaimJobs, lockLanes } from './claim-jobs.js'
import { finishJobs } from './finish-jobs.js'

const noop = {
  queues: ['noop'],
  handled: [{ type: 'noop', version: 1 }],
  endedClaims: [],
  afterTenant: '',
}

describe('claiming', () => {
  it('never gives one job to two workers that claim at the same time', async () => {
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
      const [job] = await db.claim({ workerId, limit: 1, afterTenant: turns.at(-1) ?? '' })
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
    await db.query(
      `update longhaul.jobs set status = 'cancelled', finished_at = now(), expires_at = now(), version = version + 1`,
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
})

describe('claiming from limited lanes', () => {
  const lane = { key: '', maxRunning: 2 }

  async function claimLimited(
    db: Awaited<ReturnType<typeof testDatabase>>,
    workerId: string,
  ): Promise<string[]> {
    return db.transaction(async (tx) => {
      const claim: ClaimJobs = {
        ...noop,
        workerId,
        number: Math.trunc(Math.random() * 1e9),
        limit: 50,
      }
      const lanes = await tx.run(lockLanes(claim))
      const jobs = await tx.run(claimLimitedJobs({ ...claim, lanes }))
      return jobs.map((job) => job.id)
    })
  }

  it('G-14: never runs more jobs of a tenant than its limit, with any number of workers at once', async () => {
    const db = await testDatabase()
    await db.run(
      insertJobs(
        Array.from({ length: 20 }, () => newJob({ lane })),
        1000,
      ),
    )
    await db.run(
      insertJobs(
        Array.from({ length: 20 }, () => newJob({ lane, tenantId: 'globex' })),
        1000,
      ),
    )
    const workers = await Promise.all(Array.from({ length: 6 }, () => db.registerWorker()))

    await Promise.all(workers.map((workerId) => claimLimited(db, workerId)))
    await claimLimited(db, workers[0]!)

    expect(
      await db.query(
        `select tenant_id, count(*)::int as running from longhaul.jobs where status = 'running' group by 1 order by 1`,
      ),
    ).toEqual([
      { tenant_id: 'acme', running: 2 },
      { tenant_id: 'globex', running: 2 },
    ])
  })

  it('fills a place again when a job of the lane has finished', async () => {
    const db = await testDatabase()
    await db.run(
      insertJobs(
        Array.from({ length: 3 }, () => newJob({ lane })),
        1000,
      ),
    )
    const workerId = await db.registerWorker()
    const [first] = await claimLimited(db, workerId)
    expect(await claimLimited(db, workerId)).toEqual([])

    await db.run(
      finishJobs([
        { tenantId: 'acme', id: first!, fence: 1, outcome: { action: 'complete', result: '1' } },
      ]),
    )

    expect(await claimLimited(db, workerId)).toHaveLength(1)
  })
})
