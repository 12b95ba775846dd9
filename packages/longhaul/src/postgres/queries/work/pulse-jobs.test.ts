import { describe, expect, it } from 'vitest'
import { ada, newJob, testDatabase } from '../../../../test/database.js'
import { cancelJob } from '../jobs/cancel-job.js'
import { insertJobs } from '../jobs/insert-jobs.js'
import { pulseJobs, type StepPulse } from './pulse-jobs.js'
import { rescueJobs } from './rescue-jobs.js'

function step(more: Partial<StepPulse> = {}): StepPulse {
  return {
    key: 'plan',
    position: 0,
    status: 'completed',
    runs: 1,
    attempt: 1,
    result: '{"days":4}',
    startedMsAgo: 1500,
    finishedMsAgo: 500,
    ...more,
  }
}

describe('a pulse', () => {
  it('stores steps and progress of many jobs in one statement and counts each version once', async () => {
    const db = await testDatabase()
    await db.run(insertJobs([newJob(), newJob()], 1000))
    const jobs = await db.claim({ workerId: await db.registerWorker() })

    const rows = await db.run(
      pulseJobs(jobs.map((job) => ({ ...job, progress: 40, stage: 'Planning', steps: [step()] }))),
    )

    expect(rows).toHaveLength(2)
    expect(rows.every((row) => row.held && !row.cancelRequested)).toBe(true)
    expect(await db.query('select version, progress, stage from longhaul.jobs')).toEqual([
      { version: 3, progress: 40, stage: 'Planning' },
      { version: 3, progress: 40, stage: 'Planning' },
    ])
    const [stored] = await db.query(
      `select result, runs, round(extract(epoch from finished_at - started_at) * 1000)::int as took from longhaul.steps`,
    )
    expect(stored).toEqual({ result: { days: 4 }, runs: 1, took: 1000 })
  })

  it('G-10: never lets progress fall within an attempt, and keeps the stage when none is given', async () => {
    const db = await testDatabase()
    await db.insertJob()
    const [job] = await db.claim({ workerId: await db.registerWorker() })

    await db.run(pulseJobs([{ ...job!, progress: 60, stage: 'Writing', steps: [] }]))
    await db.run(pulseJobs([{ ...job!, progress: 20, steps: [] }]))

    expect(await db.query('select progress, stage from longhaul.jobs')).toEqual([
      { progress: 60, stage: 'Writing' },
    ])
  })

  it('writes nothing for a worker that lost the job, and says so', async () => {
    const db = await testDatabase()
    await db.insertJob()
    const workerId = await db.registerWorker()
    const [job] = await db.claim({ workerId })
    await db.expireLease(workerId)
    await db.run(rescueJobs({ limit: 10 }))
    await db.claim({ workerId: await db.registerWorker() })

    const rows = await db.run(pulseJobs([{ ...job!, progress: 99, steps: [step()] }]))

    expect(rows).toMatchObject([{ held: false }])
    expect(await db.query('select progress from longhaul.jobs')).toEqual([{ progress: 0 }])
    expect(await db.query('select from longhaul.steps')).toEqual([])
  })

  it('never overwrites a completed step, so that it can be sent twice', async () => {
    const db = await testDatabase()
    await db.insertJob()
    const [job] = await db.claim({ workerId: await db.registerWorker() })

    await db.run(pulseJobs([{ ...job!, steps: [step({ status: 'running', result: undefined })] }]))
    await db.run(pulseJobs([{ ...job!, steps: [step()] }]))
    await db.run(pulseJobs([{ ...job!, steps: [step({ result: '"other"' })] }]))

    expect(await db.query('select status, result from longhaul.steps')).toEqual([
      { status: 'completed', result: { days: 4 } },
    ])
  })

  it('takes nothing back of a step that failed, but for its next run', async () => {
    const db = await testDatabase()
    await db.insertJob()
    const [job] = await db.claim({ workerId: await db.registerWorker() })
    const running = step({ status: 'running', result: undefined })
    const failed = step({ status: 'failed', result: undefined, error: '{"code":"no"}' })
    const stored = async (said: StepPulse): Promise<unknown> => {
      await db.run(pulseJobs([{ ...job!, steps: [said] }]))
      return (await db.query('select status, runs from longhaul.steps'))[0]
    }

    expect(await stored(running)).toEqual({ status: 'running', runs: 1 })
    expect(await stored(failed)).toEqual({ status: 'failed', runs: 1 })
    expect(await stored(running)).toEqual({ status: 'failed', runs: 1 })
    expect(await stored({ ...running, runs: 2 })).toEqual({ status: 'running', runs: 2 })
    expect(await stored(failed)).toEqual({ status: 'running', runs: 2 })
    expect(await stored(step({ runs: 2 }))).toEqual({ status: 'completed', runs: 2 })
  })

  it('passes over a job that somebody has locked', async () => {
    const db = await testDatabase()
    await db.run(insertJobs([newJob(), newJob()], 1000))
    const jobs = await db.claim({ workerId: await db.registerWorker() })
    const other = await db.connect()
    await other.query('begin')
    await other.query('select from longhaul.jobs where id = $1 for update', [jobs[0]!.id])

    const rows = await db.run(pulseJobs(jobs.map((job) => ({ ...job, steps: [step()] }))))

    expect(rows.map((row) => row.id)).toEqual([jobs[1]!.id])
  })

  it('tells the worker that a cancellation was asked for', async () => {
    const db = await testDatabase()
    const id = await db.insertJob()
    const [job] = await db.claim({ workerId: await db.registerWorker() })
    await db.run(cancelJob({ principal: ada, id, reason: undefined, metadata: undefined }))

    expect(await db.run(pulseJobs([{ ...job!, steps: [] }]))).toMatchObject([
      { held: true, cancelRequested: true },
    ])
  })

  it('keeps two attempts of one job apart, though they are in one statement', async () => {
    const db = await testDatabase()
    await db.insertJob()
    const [first] = await db.claim({ workerId: await db.registerWorker() })
    await db.query('delete from longhaul.workers')
    await db.run(rescueJobs({ limit: 10 }))
    const [second] = await db.claim({ workerId: await db.registerWorker() })

    const rows = await db.run(
      pulseJobs([
        { ...first!, progress: 90, steps: [step({ result: '"stale"' })] },
        { ...second!, progress: 10, steps: [] },
      ]),
    )

    const answers = rows.map(({ fence, held }) => ({ fence, held }))
    expect(answers.sort((a, b) => a.fence - b.fence)).toEqual([
      { fence: 1, held: false },
      { fence: 2, held: true },
    ])
    expect(await db.query('select progress from longhaul.jobs')).toEqual([{ progress: 10 }])
    expect(await db.query('select from longhaul.steps')).toEqual([])
  })
})
