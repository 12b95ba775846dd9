import { expect, it } from 'vitest'
import { ada, newJob, testDatabase } from '../../../../test/database.js'
import { cancelJob } from '../jobs/cancel-job.js'
import { insertJobs } from '../jobs/insert-jobs.js'
import { retryJob } from '../jobs/retry-job.js'
import { finishJobs } from '../work/finish-jobs.js'
import { deleteExpiredJobs } from './delete-expired-jobs.js'

it('G-22: deletes what has expired, in bounded batches, and never what has not settled', async () => {
  const db = await testDatabase()
  await db.run(
    insertJobs(
      Array.from({ length: 6 }, () => newJob({ expiresAfterMs: 0 })),
      1000,
    ),
  )
  const kept = await db.insertJob()
  const workerId = await db.registerWorker()
  for (let n = 0; n < 3; n += 1) {
    const jobs = await db.claim({ workerId, limit: 2 })
    await db.run(
      finishJobs(
        jobs.map((job) => ({ ...job, outcome: { action: 'complete', result: '1' } as const })),
      ),
    )
  }

  expect(await db.run(deleteExpiredJobs({ limit: 2 }))).toHaveLength(4)
  expect(await db.run(deleteExpiredJobs({ limit: 2 }))).toHaveLength(2)
  expect(await db.run(deleteExpiredJobs({ limit: 2 }))).toEqual([])
  expect(await db.query('select id from longhaul.jobs')).toEqual([{ id: kept }])
})

it('spares a job that was retried, and looks again at one that was locked', async () => {
  const db = await testDatabase()
  const nothing = { principal: ada, reason: undefined, metadata: undefined }
  const [retried, locked] = [
    await db.insertJob({ expiresAfterMs: 0 }),
    await db.insertJob({ expiresAfterMs: 0 }),
  ]
  for (const id of [retried, locked]) await db.run(cancelJob({ ...nothing, id }))
  await db.run(retryJob(ada, retried))
  const other = await db.connect()
  await other.query('begin')
  await other.query('select from longhaul.jobs where id = $1 for update', [locked])

  expect(await db.run(deleteExpiredJobs({ limit: 10 }))).toEqual([])
  await other.query('rollback')
  await db.query(`update longhaul.expiries set expires_at = now() - interval '1 second'`)
  expect((await db.run(deleteExpiredJobs({ limit: 10 }))).map((job) => job.id)).toEqual([locked])
  expect(await db.query('select id from longhaul.jobs')).toEqual([{ id: retried }])
})
