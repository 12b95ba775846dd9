import { describe, expect, it } from 'vitest'
import { ada, newJob, testDatabase } from '../../../../test/database.js'
import type { Database } from '../../database.js'
import { cancelJob } from '../jobs/cancel-job.js'
import { insertJobs } from '../jobs/insert-jobs.js'
import {
  type Finish,
  finishJobs,
  type JobFinish,
  type Outcome,
  readFinishes,
} from './finish-jobs.js'
import { rescueJobs } from './rescue-jobs.js'

const complete: Outcome = { action: 'complete', result: '{"ok":true}' }
const error = '{"code":"handler_error","message":"no","context":null,"retryable":true}'

async function finishAll(
  db: Database,
  finishes: readonly JobFinish[],
): Promise<(Finish | undefined)[]> {
  return readFinishes(finishes, await db.run(finishJobs(finishes)))
}

async function running(): Promise<{
  db: Awaited<ReturnType<typeof testDatabase>>
  id: string
  finish(outcome: Outcome, more?: Partial<JobFinish>): Promise<string | undefined>
  row(columns: string): Promise<Record<string, unknown>>
}> {
  const db = await testDatabase()
  const id = await db.insertJob()
  const workerId = await db.registerWorker()
  await db.claim({ workerId })
  return {
    db,
    id,
    async finish(outcome, more = {}) {
      const [answer] = await finishAll(db, [{ tenantId: 'acme', id, fence: 1, outcome, ...more }])
      return answer
    },
    row: async (columns) => (await db.query(`select ${columns} from longhaul.jobs`))[0]!,
  }
}

describe('finishing', () => {
  it('completes a job with its result and says when it expires', async () => {
    const { db, id, finish, row } = await running()

    expect(await finish(complete)).toBe('finished')

    expect(
      await row(
        'status, result, progress, version, worker_id, expires_at - finished_at = expires_after as kept',
      ),
    ).toEqual({
      status: 'completed',
      result: { ok: true },
      progress: 100,
      version: 3,
      worker_id: null,
      kept: true,
    })
    expect(await db.query('select job_ids from longhaul.expiries')).toEqual([{ job_ids: [id] }])
  })

  it('G-04: refuses the result of a worker whose lease ran out and whose job another has taken', async () => {
    const db = await testDatabase()
    const id = await db.insertJob()
    const slow = await db.registerWorker()
    const fast = await db.registerWorker()
    const [first] = await db.claim({ workerId: slow })
    await db.expireLease(slow)
    await db.run(rescueJobs({ limit: 10 }))
    const [second] = await db.claim({ workerId: fast })

    const stale = { tenantId: 'acme', id, fence: first!.fence, outcome: complete }
    expect(await finishAll(db, [stale])).toEqual(['lost'])
    expect(await finishAll(db, [{ ...stale, fence: second!.fence }])).toEqual(['finished'])
  })

  it('can be sent twice, because an answer can be lost', async () => {
    const { finish, row } = await running()
    await finish(complete)

    expect(await finish(complete)).toBe('already')
    expect(await row('version')).toEqual({ version: 3 })
  })

  it('keeps the error of a failed attempt and comes back after the delay', async () => {
    const { finish, row } = await running()

    await finish({ action: 'reschedule', error, delayMs: 60_000 })

    expect(
      await row(
        `status, error, attempts->0->>'attempt' as attempt, attempts->0->'error'->>'message' as message,
         promote_at > now() + interval '50 seconds' as later`,
      ),
    ).toEqual({ status: 'queued', error: null, attempt: '1', message: 'no', later: true })
  })

  it('gives the attempt back when a shutdown hands the job back', async () => {
    const { db, finish, row } = await running()

    await finish({ action: 'release' })

    expect(await row('status, attempt, fence, attempts')).toEqual({
      status: 'queued',
      attempt: 0,
      fence: 1,
      attempts: [],
    })
    expect(await db.query('select from longhaul.ready_jobs')).toHaveLength(1)
  })

  it.each<[string, Outcome, number]>([
    ['keeps the progress of an attempt that is handed back', { action: 'release' }, 40],
    ['begins anew after one that failed', { action: 'reschedule', error, delayMs: 0 }, 0],
  ])('G-10: %s', async (_, outcome, progress) => {
    const db = await testDatabase()
    await db.insertJob()
    const workerId = await db.registerWorker()
    const [first] = await db.claim({ workerId })
    await db.run(finishJobs([{ ...first!, outcome, progress: 40, stage: 'Planning' }]))
    const [second] = await db.claim({ workerId })
    const now = async (): Promise<unknown> =>
      (await db.query('select attempt, progress, stage from longhaul.jobs'))[0]
    const attempt = progress === 0 ? 2 : 1
    expect(await now()).toEqual({ attempt, progress, stage: progress === 0 ? null : 'Planning' })
    // Only for once.
    const failed = { action: 'reschedule', error, delayMs: 0 } as const
    await db.run(finishJobs([{ ...second!, outcome: failed }]))
    await db.claim({ workerId })
    expect(await now()).toEqual({ attempt: attempt + 1, progress: 0, stage: null })
  })

  it.each<[string, Outcome]>([
    ['completes', complete],
    ['fails', { action: 'fail', error }],
    ['is rescheduled', { action: 'reschedule', error, delayMs: 0 }],
    ['is handed back', { action: 'release' }],
  ])(
    'G-09: ends as cancelled when it %s after its cancellation was recorded',
    async (_, outcome) => {
      const { db, id, finish, row } = await running()
      await db.run(cancelJob({ principal: ada, id, reason: undefined, metadata: undefined }))

      await finish(outcome)

      expect(await row('status, result, error')).toEqual({
        status: 'cancelled',
        result: null,
        error: null,
      })
      expect(await db.query('select status from longhaul.cancellations')).toEqual([
        { status: 'processed' },
      ])
      expect(await db.query('select from longhaul.ready_jobs')).toEqual([])
    },
  )

  it('never waits for a row that somebody has locked: it alone is passed over', async () => {
    const db = await testDatabase()
    await db.run(insertJobs([newJob(), newJob(), newJob()], 1000))
    const jobs = await db.claim({ workerId: await db.registerWorker() })
    const other = await db.connect()
    await other.query('begin')
    await other.query('select from longhaul.jobs where id = $1 for update', [jobs[1]!.id])

    const finishes = jobs.map((job) => ({ ...job, outcome: complete }))
    expect(await finishAll(db, finishes)).toEqual(['finished', undefined, 'finished'])
    expect(await finishAll(db, [finishes[1]!])).toEqual([undefined])
    await other.query('rollback')
    expect(await finishAll(db, finishes)).toEqual(['already', 'finished', 'already'])
  })

  it('says in one row that all have finished, and names those that can be claimed again', async () => {
    const db = await testDatabase()
    await db.run(insertJobs([newJob(), newJob(), newJob()], 1000))
    const [first, ...others] = await db.claim({ workerId: await db.registerWorker() })
    const again: Outcome = { action: 'reschedule', error, delayMs: 0 }

    expect(
      await db.run(finishJobs(others.map((job) => ({ ...job, outcome: complete })))),
    ).toMatchObject([{ answered: 2, id: null }])
    expect(await db.run(finishJobs([{ ...first!, outcome: again }]))).toMatchObject([
      { answered: 1, id: first!.id, finish: 'finished', readyIn: 'noop' },
    ])
  })

  it('keeps at most a hundred failed attempts', async () => {
    const { db, finish } = await running()
    await db.query(
      `update longhaul.jobs set version = version + 1,
         attempts = (select jsonb_agg(jsonb_build_object('attempt', n)) from generate_series(1, 100) as n)`,
    )

    await finish({ action: 'fail', error })

    const [row] = await db.query(
      `select jsonb_array_length(attempts) as kept, attempts->0->>'attempt' as first from longhaul.jobs`,
    )
    expect(row).toEqual({ kept: 100, first: '2' })
  })
})
