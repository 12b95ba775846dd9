import { expect, it } from 'vitest'
import { ada, testDatabase } from '../../../../test/database.js'
import { cancelJob } from '../jobs/cancel-job.js'
import { finishJobs } from '../work/finish-jobs.js'
import { endCleanup, putOffCleanup } from './end-cleanup.js'
import { takeCleanups } from './take-cleanups.js'

it('G-34: a clean-up that was taken for dead and run again is over when that run is, and not when the first one wakes up', async () => {
  const db = await testDatabase()
  const id = await db.insertJob({ cleansUp: true })
  const [job] = await db.claim({ workerId: await db.registerWorker() })
  await db.run(cancelJob({ principal: ada, id, reason: undefined, metadata: undefined }))
  await db.run(finishJobs([{ ...job!, outcome: { action: 'complete', result: '1' } }]))
  const handled = [{ type: 'noop', version: 1, leaseMs: 0 }]
  const [first] = await db.run(takeCleanups({ handled, limit: 1 }))
  const [second] = await db.run(takeCleanups({ handled, limit: 1 }))
  const left = async (): Promise<unknown> => db.query('select runs, run_id from longhaul.cleanups')
  const underWay = [{ runs: 2, run_id: second!.runId }]

  await db.run(endCleanup(first!))
  expect(await left()).toEqual(underWay)
  await db.run(putOffCleanup(first!, { delayMs: 0, counts: false }))
  expect(await left()).toEqual(underWay)
  await db.run(endCleanup(second!))
  expect(await left()).toEqual([])
})
