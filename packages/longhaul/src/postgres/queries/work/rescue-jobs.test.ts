import { describe, expect, it } from 'vitest'
import { ada, newJob, testDatabase } from '../../../../test/database.js'
import { cancelJob } from '../jobs/cancel-job.js'
import { insertJobs } from '../jobs/insert-jobs.js'
import { retryJob } from '../jobs/retry-job.js'
import { removeWorker } from '../workers/leases.js'
import { cutOffJobs } from './cut-off-jobs.js'
import { findCancelledClaims } from './find-cancelled-claims.js'
import { promoteJobs } from './promote-jobs.js'
import { rescueJobs } from './rescue-jobs.js'

describe('rescuing', () => {
  it('takes back the jobs of a worker whose lease is over, and counts the attempt as failed', async () => {
    const db = await testDatabase()
    const id = await db.insertJob()
    const workerId = await db.registerWorker()
    await db.claim({ workerId })
    expect(await db.run(rescueJobs({ limit: 10 }))).toEqual([])
    await db.expireLease(workerId)

    expect(await db.run(rescueJobs({ limit: 10 }))).toEqual([
      { tenantId: 'acme', id, queue: 'noop' },
    ])

    expect(
      await db.query(
        `select status, attempt, version, attempts->0->'error'->>'code' as code from longhaul.jobs`,
      ),
    ).toEqual([{ status: 'queued', attempt: 1, version: 3, code: 'worker_lost' }])
    expect(await db.query('select from longhaul.ready_jobs')).toHaveLength(1)
    expect(await db.query('select from longhaul.claims')).toEqual([])
  })

  it('takes back the jobs of a worker whose row is gone', async () => {
    const db = await testDatabase()
    const id = await db.insertJob()
    const workerId = await db.registerWorker()
    await db.claim({ workerId })
    await db.run(removeWorker(workerId))

    expect((await db.run(rescueJobs({ limit: 10 }))).map((job) => job.id)).toEqual([id])
  })

  it('settles a job as cancelled when its cancellation was asked for', async () => {
    const db = await testDatabase()
    const id = await db.insertJob()
    const workerId = await db.registerWorker()
    await db.claim({ workerId })
    await db.run(cancelJob({ principal: ada, id, reason: undefined, metadata: undefined }))
    await db.expireLease(workerId)

    await db.run(rescueJobs({ limit: 10 }))

    expect(await db.query('select status, error from longhaul.jobs')).toEqual([
      { status: 'cancelled', error: null },
    ])
    expect(await db.query('select status from longhaul.cancellations')).toEqual([
      { status: 'processed' },
    ])
  })

  it('comes back for a job that was locked, and does not touch one that has settled', async () => {
    const db = await testDatabase()
    await db.run(insertJobs([newJob(), newJob()], 1000))
    const workerId = await db.registerWorker()
    const jobs = await db.claim({ workerId })
    await db.expireLease(workerId)
    const other = await db.connect()
    await other.query('begin')
    await other.query('select from longhaul.jobs where id = $1 for update', [jobs[0]!.id])

    expect(await db.run(rescueJobs({ limit: 10 }))).toMatchObject([{ id: jobs[1]!.id }])
    await other.query('rollback')
    expect(await db.run(rescueJobs({ limit: 10 }))).toMatchObject([{ id: jobs[0]!.id }])
    expect(await db.run(rescueJobs({ limit: 10 }))).toEqual([])
  })

  it('finds every running job by the claims, so that none can be stranded', async () => {
    const db = await testDatabase()
    await db.run(
      insertJobs(
        Array.from({ length: 30 }, () => newJob()),
        1000,
      ),
    )
    const workers = await Promise.all([
      db.registerWorker(),
      db.registerWorker(),
      db.registerWorker(),
    ])
    await Promise.all(workers.map((workerId) => db.claim({ workerId, limit: 7 })))

    const [missing] = await db.query(
      `select count(*)::int as jobs from longhaul.jobs as job where status = 'running' and not exists (
         select from longhaul.claims as claim where claim.worker_id = job.worker_id and job.id = any(claim.job_ids))`,
    )
    expect(missing).toEqual({ jobs: 0 })
  })
})

describe('promoting', () => {
  it('makes jobs ready when their time has come, and says when the next one does', async () => {
    const db = await testDatabase()
    await db.insertJob({ delayMs: 60_000 })
    const due = await db.insertJob({ delayMs: 3_600_000 })
    expect(await db.query('select from longhaul.ready_jobs')).toEqual([])
    await db.query(
      `update longhaul.jobs set promote_at = now() - interval '1 second' where id = $1`,
      [due],
    )

    const [row] = await db.run(promoteJobs({ limit: 100 }))

    expect(row).toMatchObject({ queues: ['noop'], promoted: 1 })
    expect(row!.nextInMs).toBeGreaterThan(50_000)
    expect(row!.nextInMs).toBeLessThanOrEqual(60_000)
    expect((await db.query('select id from longhaul.ready_jobs'))[0]).toEqual({ id: due })
    expect(await db.query('select version from longhaul.jobs where id = $1', [due])).toEqual([
      { version: 1 },
    ])
  })
})

describe('promoting when nothing waits for its time', () => {
  it('says that there is no next one, so that nobody looks again at once', async () => {
    const db = await testDatabase()
    await db.insertJob()

    expect(await db.run(promoteJobs({ limit: 100 }))).toEqual([
      { queues: [], promoted: 0, nextInMs: null },
    ])
  })
})

describe('cutting off', () => {
  it('settles a job whose handler did not stop in time, and gives its place free', async () => {
    const db = await testDatabase()
    const id = await db.insertJob({ cancelGraceMs: 0 })
    const patient = await db.insertJob({ cancelGraceMs: 60_000 })
    await db.claim({ workerId: await db.registerWorker() })
    for (const job of [id, patient]) {
      await db.run(cancelJob({ principal: ada, id: job, reason: undefined, metadata: undefined }))
    }

    expect((await db.run(cutOffJobs({ limit: 10 }))).map((job) => job.id)).toEqual([id])
    expect(await db.query(`select id from longhaul.jobs where status = 'running'`)).toEqual([
      { id: patient },
    ])
  })

  it('does not take a cancellation that came too late for one of the retried job', async () => {
    const db = await testDatabase()
    const id = await db.insertJob({ cancelGraceMs: 0 })
    const workerId = await db.registerWorker()
    await db.claim({ workerId })
    await db.run(cancelJob({ principal: ada, id, reason: undefined, metadata: undefined }))
    await db.run(cutOffJobs({ limit: 10 }))
    // Left pending by a statement that ended the job and began before the cancellation was committed.
    await db.query(`update longhaul.cancellations set status = 'pending', processed_at = null`)
    await db.run(retryJob(ada, id))
    await db.claim({ workerId })

    expect(await db.run(findCancelledClaims(workerId))).toEqual([])
    expect(await db.run(cutOffJobs({ limit: 10 }))).toEqual([])

    expect((await db.query('select status from longhaul.jobs'))[0]).toEqual({ status: 'running' })
    expect(await db.query('select status from longhaul.cancellations')).toEqual([
      { status: 'processed' },
    ])
  })
})
