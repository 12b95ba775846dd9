import { describe, expect, it } from 'vitest'
import { newJob, type TestDatabase, testDatabase } from '../../../../test/database.js'
import { insertJobs } from '../jobs/insert-jobs.js'
import { type ClaimJobs, readClaim } from './claim-jobs.js'
import { claimLimitedJobs, type LockedLane, lockLanes, makeLanes } from './claim-limited-jobs.js'
import { finishJobs } from './finish-jobs.js'
import { roundAfter } from './turns.js'

const lane = { key: '', maxRunning: 2 }

async function claimLimited(
  db: TestDatabase,
  workerId: string,
  claim: Partial<ClaimJobs> = {},
): Promise<{ tenantId: string; id: string }[]> {
  const whole: ClaimJobs = {
    handled: [{ type: 'noop', version: 1 }],
    endedClaims: [],
    round: roundAfter(['noop'], undefined),
    number: Math.trunc(Math.random() * 1e9),
    limit: 50,
    workerId,
    ...claim,
  }
  return db.transaction(async (tx) => {
    const lanes = (await tx.run(lockLanes(whole))).filter(({ key }) => key !== null)
    return [...readClaim(await tx.run(claimLimitedJobs(whole, lanes as LockedLane[]))).jobs]
  })
}

describe('claiming from limited lanes', () => {
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
        { tenantId: 'acme', id: first!.id, fence: 1, outcome: { action: 'complete', result: '1' } },
      ]),
    )

    expect(await claimLimited(db, workerId)).toHaveLength(1)
  })

  it('lets tenants take turns, also when there is room for few of them', async () => {
    const db = await testDatabase()
    for (const tenantId of ['a', 'b', 'z']) {
      const jobs = Array.from({ length: 9 }, () =>
        newJob({ tenantId, lane: { key: '', maxRunning: 100 } }),
      )
      await db.run(insertJobs(jobs, 1000))
    }
    const workerId = await db.registerWorker()

    const round = roundAfter(['noop'], { queue: 'noop', tenantId: 'a' })
    const claimed = await claimLimited(db, workerId, { limit: 2, round })

    expect(claimed.map(({ tenantId }) => tenantId)).toEqual(['b', 'z'])
  })

  it('takes jobs that were enqueued before their type had a limit, and counts them', async () => {
    const db = await testDatabase()
    await db.run(insertJobs([newJob(), newJob()], 1000))
    const workerId = await db.registerWorker()
    expect(await claimLimited(db, workerId)).toEqual([])

    await db.run(
      makeLanes([{ queue: 'noop', tenantId: 'acme', stretch: 1, key: '', maxRunning: 1 }]),
    )

    expect(await claimLimited(db, workerId)).toHaveLength(1)
    expect(await claimLimited(db, workerId)).toEqual([])
    expect(await db.query('select key from longhaul.lane_slots')).toEqual([{ key: '' }])
  })
})
