import { describe, expect, it } from 'vitest'
import { ada, newJob, type TestDatabase, testDatabase } from '../../../../test/database.js'
import { endCleanup } from '../cleanups/end-cleanup.js'
import { takeCleanups } from '../cleanups/take-cleanups.js'
import { cancelJob } from '../jobs/cancel-job.js'
import { deleteJob } from '../jobs/delete-job.js'
import { insertJobs } from '../jobs/insert-jobs.js'
import { retryJob } from '../jobs/retry-job.js'
import { finishJobs } from '../work/finish-jobs.js'
import { promoteJobs } from '../work/promote-jobs.js'
import { pulseJobs } from '../work/pulse-jobs.js'
import { rescueJobs } from '../work/rescue-jobs.js'
import { letJobsOut } from './let-jobs-out.js'

const trial = { trialMs: 30_000 }

describe('quarantine', () => {
  it('makes the jobs of a process that died ready at once, and all of them have used up an attempt', async () => {
    const lab = await labOf(3)
    expect(await lab.crash()).toHaveLength(3)
    expect(await lab.claim()).toHaveLength(3)
    expect(await lab.attempts()).toEqual([2, 2, 2])
  })

  it('lets those that are lost again out one at a time, and that loss is nobody’s', async () => {
    const lab = await labOf(3)
    await lab.crash()
    await lab.crash()
    expect(await lab.attempts()).toEqual([1, 1, 1])
    expect(await lab.claim()).toEqual([])

    await lab.letOut()
    expect(await lab.claim()).toHaveLength(1)
    await lab.letOut()
    expect(await lab.claim()).toEqual([])
    await lab.db.query(
      `update longhaul.quarantined_jobs set runs_since = runs_since - interval '31 seconds'`,
    )
    await lab.letOut()
    expect(await lab.claim()).toHaveLength(1)
  })

  it('G-10: goes on with the progress of a loss that was nobody’s', async () => {
    const lab = await labOf(2)
    await lab.crash()
    const [job] = await lab.db.claim({ workerId: await lab.db.registerWorker() })
    await lab.db.run(pulseJobs([{ ...job!, progress: 40, steps: [] }]))
    await lab.die()
    await lab.outByThemselves()
    await lab.claim()
    const sql = 'select attempt, progress from longhaul.jobs where id = $1'
    expect(await lab.db.query(sql, [job!.id])).toEqual([{ attempt: 2, progress: 40 }])
  })

  it('lets the next one out when the one before has ended in any other way', async () => {
    const lab = await labOf(2)
    await lab.crash()
    await lab.crash()
    await lab.letOut()
    const [first] = await lab.claim()
    const [{ fence }] = (await lab.db.query('select fence from longhaul.jobs where id = $1', [
      first,
    ])) as [{ fence: number }]
    const outcome = { action: 'reschedule', error: '{}', delayMs: 60_000 } as const
    await lab.db.run(finishJobs([{ tenantId: 'acme', id: first!, fence, outcome }]))
    await lab.letOut()
    const [second] = await lab.claim()
    expect(second).not.toBe(first)
  })

  it('counts a loss only for the one that was let out, and for new neighbours never; it goes first the next time', async () => {
    const lab = await labOf(2)
    await lab.crash()
    await lab.crash()
    await lab.letOut()
    const neighbour = await lab.db.insertJob()
    const claimed = await lab.claim()
    const suspect = claimed.find((id) => id !== neighbour)!
    expect(claimed).toHaveLength(2)
    await lab.die()
    expect(await lab.attempt(suspect)).toBe(2)
    expect(await lab.attempt(neighbour)).toBe(0)

    expect(await lab.claim()).toEqual([neighbour])
    await lab.letOut() // of the other group it is somebody else's turn
    await lab.db.query(`delete from longhaul.quarantined_jobs where not goes_first`)
    expect(await lab.claim()).toContain(suspect)
  })

  it('counts each loss of a job that was alone, so that it fails after as many as it may have', async () => {
    const lab = await labOf(1, { attempts: 3 })
    for (let crash = 0; crash < 3; crash += 1) {
      await lab.letOut()
      await lab.crash()
    }
    expect(
      await lab.db.query(`select status, attempt, error ->> 'code' as code from longhaul.jobs`),
    ).toEqual([{ status: 'failed', attempt: 3, code: 'attempts_exhausted' }])
  })

  it('counts a loss after two in a row that were not, though nobody is let out', async () => {
    const lab = await labOf(2, { attempts: 2 })
    for (let crash = 0; crash < 4; crash += 1) {
      await lab.outByThemselves()
      await lab.crash()
    }
    expect(await lab.db.query('select distinct status, attempt from longhaul.jobs')).toEqual([
      { status: 'failed', attempt: 2 },
    ])
  })

  it('G-07: takes back a job that two claims of its worker name, because it was claimed again beside one that goes on', async () => {
    const lab = await labOf(2)
    await lab.crash()
    const workerId = await lab.db.registerWorker()
    const [again] = await lab.db.claim({ workerId })
    await lab.db.run(finishJobs([{ ...again!, outcome: { action: 'release' } }]))
    await lab.db.claim({ workerId })
    await lab.die()
    expect(
      await lab.db.query('select status, count(*)::int from longhaul.jobs group by status'),
    ).toEqual([{ status: 'queued', count: 2 }])
    expect(await lab.db.query('select from longhaul.quarantined_jobs')).toHaveLength(2)
    expect(await lab.db.query('select from longhaul.claims')).toEqual([])
  })

  it('counts the loss of a job that was alone once, though two claims of its worker name it', async () => {
    const lab = await labOf(1, { attempts: 2 })
    await lab.crash()
    const workerId = await lab.db.registerWorker()
    const [again] = await lab.db.claim({ workerId })
    await lab.db.run(finishJobs([{ ...again!, outcome: { action: 'release' } }]))
    await lab.db.claim({ workerId })
    await lab.die()
    expect(await lab.db.query('select status, attempt from longhaul.jobs')).toEqual([
      { status: 'failed', attempt: 2 },
    ])
  })

  it('G-34: lets go of a job that is cancelled and retried: it waits for its clean-up, and not for the others', async () => {
    const lab = await labOf(2, { cleansUp: true })
    const { db } = lab
    await lab.crash()
    await lab.crash()
    await lab.letOut()
    const [first] = await lab.claim()
    const held = await db.query('select id::text from longhaul.jobs where id <> $1', [first])
    const id = String(held[0]!['id'])
    await db.run(cancelJob({ principal: ada, id, reason: undefined, metadata: undefined }))
    const handled = [{ type: 'noop', version: 1, leaseMs: 60_000 }]
    const [cleanup] = await db.run(takeCleanups({ handled, limit: 1 }))
    await db.run(retryJob(ada, id))
    const outcome = { action: 'complete', result: '1' } as const
    await db.run(finishJobs([{ tenantId: 'acme', id: first!, fence: 3, outcome }]))

    await lab.letOut()
    expect(await lab.claim()).toEqual([])
    await db.run(endCleanup(cleanup!))
    expect(await lab.claim()).toEqual([id])
  })

  it('forgets a job that is deleted', async () => {
    const lab = await labOf(2)
    await lab.crash()
    await lab.crash()
    const [row] = await lab.db.query('select job_id as id from longhaul.quarantined_jobs limit 1')
    const id = String(row!['id'])
    await lab.db.run(cancelJob({ principal: ada, id, reason: undefined, metadata: undefined }))
    await lab.db.run(deleteJob(ada, id))
    expect(await lab.db.query('select from longhaul.quarantined_jobs')).toHaveLength(1)
  })
})

interface QuarantineLab {
  readonly db: TestDatabase
  /** The ids of all that is ready; a worker runs them from now on. */
  claim(): Promise<string[]>
  /** All workers die, and what they had is taken back. */
  die(): Promise<void>
  /** All that is ready is claimed, and lost. */
  crash(): Promise<string[]>
  /** Until nobody else may be let out. */
  letOut(): Promise<void>
  outByThemselves(): Promise<void>
  attempts(): Promise<unknown[]>
  attempt(id: string): Promise<unknown>
}

async function labOf(
  jobs: number,
  options: Parameters<typeof newJob>[0] = {},
): Promise<QuarantineLab> {
  const db = await testDatabase()
  await db.run(
    insertJobs(
      Array.from({ length: jobs }, () => newJob(options)),
      1000,
    ),
  )
  const lab: QuarantineLab = {
    db,
    async claim() {
      await db.run(promoteJobs({ limit: 100 }))
      return (await db.claim({ workerId: await db.registerWorker(), limit: 10 })).map(
        ({ id }) => id,
      )
    },
    async die() {
      await db.query('delete from longhaul.workers')
      await db.run(rescueJobs({ limit: 10 }))
    },
    async crash() {
      const claimed = await lab.claim()
      await lab.die()
      return claimed
    },
    async letOut() {
      while ((await db.run(letJobsOut(trial)))[0]!.passed > 0);
    },
    async outByThemselves() {
      await db.query('update longhaul.jobs set promote_at = now() where promote_at is not null')
    },
    attempts: async () =>
      (await db.query('select attempt from longhaul.jobs order by id')).map(
        (row) => row['attempt'],
      ),
    attempt: async (id) =>
      (await db.query('select attempt from longhaul.jobs where id = $1', [id]))[0]?.['attempt'],
  }
  return lab
}
