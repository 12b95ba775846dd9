import { describe, expect, it } from 'vitest'
import { ada, newJob, testDatabase, type TestDatabase } from '../../../../test/database.js'
import { cancelJob } from '../jobs/cancel-job.js'
import { insertJobs } from '../jobs/insert-jobs.js'
import { retryJob } from '../jobs/retry-job.js'
import { failOverdueJobs, findNextOverdue } from './fail-overdue-jobs.js'
import { finishJobs } from './finish-jobs.js'

const hour = 3_600_000

/** The limits of all jobs have come. */
async function timeIsOver(db: TestDatabase): Promise<void> {
  await db.query(
    `update longhaul.jobs
     set start_by = start_by - interval '2 hours', deadline_at = deadline_at - interval '2 hours',
         version = version + 1
     where finished_at is null`,
  )
}

const look = (db: TestDatabase): Promise<Record<string, unknown>[]> =>
  db.query(
    `select status, error->>'code' as code, start_by is not null as starts, deadline_at is not null as ends
     from longhaul.jobs`,
  )

describe('a job whose time is over', () => {
  it('fails where it waits to start or for another attempt, and its entry is gone', async () => {
    const db = await testDatabase()
    const late = await db.insertJob({ startWithinMs: hour })
    const overdue = await db.insertJob({ deadlineMs: hour })
    await db.insertJob()
    expect(await db.run(failOverdueJobs({ limit: 10 }))).toEqual([])
    await timeIsOver(db)

    const failed = await db.run(failOverdueJobs({ limit: 10 }))

    expect(failed.map(({ id }) => id).sort()).toEqual([late, overdue].sort())
    expect(
      await db.query(`select error->>'code' as code from longhaul.jobs where id = $1`, [late]),
    ).toEqual([{ code: 'not_started_in_time' }])
    expect(
      await db.query(`select error->>'code' as code from longhaul.jobs where id = $1`, [overdue]),
    ).toEqual([{ code: 'deadline_exceeded' }])
    expect(await db.query('select from longhaul.ready_jobs')).toHaveLength(1)
    expect(await db.query('select from longhaul.expiries')).toHaveLength(1)
  })

  it('is not given to a worker, also before anybody has failed it', async () => {
    const db = await testDatabase()
    await db.insertJob({ startWithinMs: hour })
    await db.insertJob({ deadlineMs: hour })
    await timeIsOver(db)

    expect(await db.claim({ workerId: await db.registerWorker() })).toEqual([])

    expect(await db.run(failOverdueJobs({ limit: 10 }))).toHaveLength(2)
  })

  it('counts from when it is due, and not from when it was asked for', async () => {
    const db = await testDatabase()
    await db.insertJob({ startWithinMs: hour, delayMs: 3 * hour })
    await timeIsOver(db)
    expect(await db.run(failOverdueJobs({ limit: 10 }))).toEqual([])
    const [next] = await db.run(findNextOverdue())
    expect(next!.nextInMs).toBeGreaterThan(1.9 * hour)
  })

  it('may have started long ago, when it only had to start', async () => {
    const db = await testDatabase()
    await db.insertJob({ startWithinMs: hour })
    const [job] = await db.claim({ workerId: await db.registerWorker() })
    await timeIsOver(db)
    const outcome = { action: 'reschedule', error: '{}', delayMs: 0 } as const
    await db.run(finishJobs([{ ...job!, outcome }]))

    expect(await db.run(failOverdueJobs({ limit: 10 }))).toEqual([])
    expect(await look(db)).toEqual([{ status: 'queued', code: null, starts: false, ends: false }])
  })

  it('is left to the worker that runs it for the grace period, and then ends without it', async () => {
    const db = await testDatabase()
    await db.insertJob({ deadlineMs: hour, cancelGraceMs: 2 * hour })
    const workerId = await db.registerWorker()
    const [job] = await db.claim({ workerId })
    expect(job!.deadlineInMs).toBeGreaterThan(hour / 2)
    await timeIsOver(db)
    expect(await db.run(failOverdueJobs({ limit: 10 }))).toEqual([])
    await timeIsOver(db)

    expect(await db.run(failOverdueJobs({ limit: 10 }))).toHaveLength(1)

    expect(await look(db)).toEqual([
      { status: 'failed', code: 'deadline_exceeded', starts: false, ends: false },
    ])
    const late = { ...job!, outcome: { action: 'complete', result: '1' } } as const
    expect(await db.run(finishJobs([late]))).toMatchObject([{ finish: 'already' }])
  })

  it('ends as cancelled when that was asked for before', async () => {
    const db = await testDatabase()
    const id = await db.insertJob({ deadlineMs: hour, cancelGraceMs: 0 })
    await db.claim({ workerId: await db.registerWorker() })
    await db.run(cancelJob({ principal: ada, id, reason: undefined, metadata: undefined }))
    await timeIsOver(db)

    await db.run(failOverdueJobs({ limit: 10 }))

    expect(await look(db)).toEqual([
      { status: 'cancelled', code: null, starts: false, ends: false },
    ])
    expect(await db.query('select status from longhaul.cancellations')).toEqual([
      { status: 'processed' },
    ])
  })

  it('has all of its time again when somebody retries it', async () => {
    const db = await testDatabase()
    const id = await db.insertJob({ deadlineMs: hour, startWithinMs: hour })
    await timeIsOver(db)
    await db.run(failOverdueJobs({ limit: 10 }))

    await db.run(retryJob(ada, id))

    expect(await look(db)).toEqual([{ status: 'queued', code: null, starts: true, ends: true }])
    expect(await db.run(failOverdueJobs({ limit: 10 }))).toEqual([])
    expect(await db.claim({ workerId: await db.registerWorker() })).toHaveLength(1)
  })

  it('is looked for where only such jobs are', async () => {
    const db = await testDatabase()
    await db.run(insertJobs(Array.from({ length: 2000 }, () => newJob())))
    await db.insertJob({ deadlineMs: hour })
    await db.query('analyze longhaul.jobs')
    for (const { text, values } of [failOverdueJobs({ limit: 10 }), findNextOverdue()]) {
      const plan = JSON.stringify(await db.run({ text: `explain ${text}`, values }))
      expect(plan).toContain('jobs_overdue_idx')
      expect(plan).not.toContain('Seq Scan on jobs')
    }
  })
})
