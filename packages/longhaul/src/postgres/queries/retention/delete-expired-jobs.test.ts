import { expect, it } from 'vitest'
import { ada, newJob, type TestDatabase, testDatabase } from '../../../../test/database.js'
import { cancelJob } from '../jobs/cancel-job.js'
import { insertJobs } from '../jobs/insert-jobs.js'
import { retryJob } from '../jobs/retry-job.js'
import { finishJobs } from '../work/finish-jobs.js'
import { deleteExpiredJobs, readExpired } from './delete-expired-jobs.js'

async function deleteExpired(
  db: TestDatabase,
  limit: number,
): Promise<{ lists: number; gone: string[] }> {
  const { lists, gone } = readExpired(await db.run(deleteExpiredJobs({ limit })))
  return { lists, gone: gone.map(({ id }) => id) }
}

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

  for (const [lists, jobs] of [
    [2, 4],
    [1, 2],
    [0, 0],
  ] as const) {
    const piece = await deleteExpired(db, 2)
    expect([piece.lists, piece.gone.length]).toEqual([lists, jobs])
  }
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

  expect(await deleteExpired(db, 10)).toEqual({ lists: 2, gone: [] })
  await other.query('rollback')
  await db.query(`update longhaul.expiries set expires_at = now() - interval '1 second'`)
  expect(await deleteExpired(db, 10)).toEqual({ lists: 1, gone: [locked] })
  expect(await db.query('select id from longhaul.jobs')).toEqual([{ id: retried }])
})
