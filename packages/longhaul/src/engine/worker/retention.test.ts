import { expect, it } from 'vitest'
import { ada } from '../../../test/database.js'
import { testEngine, testJob, untilAborted } from '../../../test/engine.js'
import { JobFailure } from '../../core/index.js'
import { cutOffJobs, failOverdueJobs, rescueJobs } from '../../postgres/index.js'

const expiresAfter = { completed: '2h', failed: '30d', cancelled: '5m' } as const
const kept = { completed: '02:00:00', failed: '30 days', cancelled: '00:05:00' }

it('G-22: a settled job is kept for as long as its type says of how it settled, whoever settled it', async () => {
  const engine = await testEngine([
    testJob('kept', () => 'done', { expiresAfter }),
    testJob(
      'hopeless',
      () => {
        throw new JobFailure('no', { code: 'no', retryable: false })
      },
      { expiresAfter },
    ),
    testJob('endless', async ({ signal }) => untilAborted(signal), { expiresAfter }),
    testJob('elsewhere', () => 'never', { expiresAfter, retry: { attempts: 1 } }),
  ])
  const { db, jobs } = engine

  // Before there is a worker: cancelled in the queue, not begun in time, cut off, lost with its worker.
  const queued = await engine.enqueue('elsewhere')
  await jobs.cancel({ principal: ada, id: queued })
  const { job: late } = await jobs.enqueue('elsewhere', {}, { principal: ada, startWithin: '1h' })
  await db.query('update longhaul.jobs set start_by = now(), version = version + 1 where id = $1', [
    late.id,
  ])
  await db.run(failOverdueJobs({ limit: 10 }))
  const cutOff = await engine.enqueue('elsewhere')
  const lost = await engine.enqueue('elsewhere')
  const workerId = await db.registerWorker()
  expect(
    await db.claim({
      workerId,
      queues: ['elsewhere'],
      handled: [{ type: 'elsewhere', version: 1 }],
      limit: 2,
    }),
  ).toHaveLength(2)
  await jobs.cancel({ principal: ada, id: cutOff })
  await db.query(`update longhaul.cancellations set cut_off_at = now() where status = 'pending'`)
  await db.run(cutOffJobs({ limit: 10 }))
  await db.expireLease(workerId)
  await db.run(rescueJobs({ limit: 10 }))

  await engine.startWorker()
  const completed = await engine.enqueue('kept')
  const failed = await engine.enqueue('hopeless')
  const running = await engine.enqueue('endless')
  await engine.until(running, 'running')
  await jobs.cancel({ principal: ada, id: running })
  for (const id of [completed, failed, running])
    await engine.until(id, 'completed', 'failed', 'cancelled')

  const rows = await db.query(
    `select id, status, (expires_at - finished_at)::text as kept,
       exists (select from longhaul.expiries where job.id = any(job_ids) and expiries.expires_at = job.expires_at) as noted
     from longhaul.jobs as job`,
  )
  expect(new Map(rows.map(({ id, ...row }) => [id, row]))).toEqual(
    new Map(
      (
        [
          [queued, 'cancelled'],
          [late.id, 'failed'],
          [cutOff, 'cancelled'],
          [lost, 'failed'],
          [completed, 'completed'],
          [failed, 'failed'],
          [running, 'cancelled'],
        ] as const
      ).map(([id, status]) => [id, { status, kept: kept[status], noted: true }]),
    ),
  )
})
