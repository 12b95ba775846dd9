import { describe, expect, it } from 'vitest'
import { newJob, type TestDatabase, testDatabase } from '../../../test/database.js'
import { testJob } from '../../../test/engine.js'
import type { JobOptions, QueueLimits, Schema } from '../../core/index.js'
import {
  type ClaimAnswer,
  type ClaimedJob,
  type ClaimJobs,
  finishJobs,
  forgetFullLanes,
  insertJobs,
  type NewJob,
  roundAfter,
} from '../../postgres/index.js'
import { claimLimited } from './claim-limited.js'

type Options = Pick<JobOptions<Schema, Schema>, 'concurrency' | 'rate'>

function limitsOf(options: Options): QueueLimits {
  return testJob('noop', () => null, options).limits!
}

async function testLanes(options: Options): Promise<{
  db: TestDatabase
  insert(many: number, job?: Partial<NewJob>): Promise<void>
  /** One claim, in which lanes that nobody has used yet are made first. */
  claim(claim?: Partial<ClaimJobs>): Promise<ClaimAnswer>
  finish(jobs: readonly ClaimedJob[]): Promise<unknown>
}> {
  const db = await testDatabase()
  const limits = limitsOf(options)
  const worker = await db.registerWorker()
  let number = 0
  return {
    db,
    async insert(many, job) {
      await db.run(
        insertJobs(
          Array.from({ length: many }, () => newJob(job)),
          1000,
        ),
      )
    },
    async claim(claim = {}) {
      for (;;) {
        number += 1
        const whole: ClaimJobs = {
          handled: [{ type: 'noop', version: 1 }],
          endedClaims: [],
          round: roundAfter(['noop'], undefined),
          number,
          limit: 50,
          workerId: worker,
          ...claim,
        }
        const answer = await claimLimited(db, whole, limits)
        if (answer.jobs.length > 0 || !answer.more) return answer
      }
    },
    finish: (jobs) =>
      db.run(
        finishJobs(
          jobs.map((job) => ({ ...job, outcome: { action: 'complete', result: '1' } as const })),
        ),
      ),
  }
}

async function runningBy(db: TestDatabase, column: string): Promise<Record<string, unknown>> {
  const rows = await db.query(
    `select coalesce(${column}, '') as name, count(*)::int as running
     from longhaul.jobs where status = 'running' group by 1`,
  )
  return Object.fromEntries(rows.map(({ name, running }) => [name, running]))
}

describe('limits of jobs that run at once', () => {
  it.each<[string, Options, Record<string, number>]>([
    ['tenant', { concurrency: { perTenant: 2 } }, { acme: 2, globex: 2 }],
    ['queue', { concurrency: { perQueue: 3 } }, { acme: 2, globex: 1 }],
    ['tenant and queue', { concurrency: { perQueue: 3, perTenant: 1 } }, { acme: 1, globex: 1 }],
  ])(
    'G-14: a %s never has more than its limit, with any number of workers',
    async (_, options, expected) => {
      const { db, insert, claim } = await testLanes(options)
      await insert(20)
      await insert(20, { tenantId: 'globex' })
      const workers = await Promise.all(Array.from({ length: 6 }, () => db.registerWorker()))
      await claim()
      await Promise.all(workers.map((workerId) => claim({ workerId })))
      await claim()
      expect(await runningBy(db, 'tenant_id')).toEqual(expected)
    },
  )

  it('G-14: a key never has more than its limit, and those behind it are not held up', async () => {
    const { db, insert, claim } = await testLanes({ concurrency: { perKey: 2 } })
    await insert(300, { laneKey: 'a' })
    await insert(3, { laneKey: 'b' })
    await insert(1, { laneKey: 'c' })
    await insert(4, { laneKey: '' })
    await claim()
    await claim()
    expect(await runningBy(db, 'lane_key')).toEqual({ a: 2, b: 2, c: 1, '': 4 })
  })

  it('keys take turns', async () => {
    const { insert, claim } = await testLanes({ concurrency: { perKey: 9 } })
    for (const laneKey of ['a', 'b', 'c']) await insert(3, { laneKey })
    const taken: (string | undefined)[] = []
    for (let n = 0; n < 6; n += 1) {
      const { jobs } = await claim({ limit: 1 })
      taken.push(...jobs.map(({ id }) => id))
    }
    expect(new Set(taken).size).toBe(6)
  })

  it('a tenant with a thousand keys does not hold up another', async () => {
    const { db, insert, claim } = await testLanes({ concurrency: { perKey: 1 } })
    for (let n = 0; n < 300; n += 1) await insert(1, { laneKey: `k${n}` })
    await insert(1, { tenantId: 'zulu', laneKey: 'k' })
    await claim({ limit: 4 })
    expect(await runningBy(db, 'tenant_id')).toEqual({ acme: 2, zulu: 1 })
  })

  it('comes round all keys, also when many of them are full', async () => {
    const { db, insert, claim } = await testLanes({ concurrency: { perKey: 1 } })
    for (let n = 100; n < 700; n += 1) await insert(2, { laneKey: `k${n}` })
    for (let n = 0; n < 20; n += 1) await claim({ limit: 40 })
    expect(Object.keys(await runningBy(db, 'lane_key'))).toHaveLength(600)
    expect(await claim()).toMatchObject({ jobs: [], againInMs: 50 })
  })

  it('a place is filled again when its job has finished', async () => {
    const { insert, claim, finish } = await testLanes({ concurrency: { perQueue: 2 } })
    await insert(3)
    const { jobs } = await claim()
    expect(await claim()).toMatchObject({ jobs: [], more: false })
    await finish(jobs.slice(0, 1))
    expect((await claim()).jobs).toHaveLength(1)
  })

  it('tenants take turns at the places of a queue, however many jobs one has', async () => {
    const { insert, claim, finish } = await testLanes({ concurrency: { perQueue: 1 } })
    await insert(50, { tenantId: 'a' })
    for (const tenantId of ['b', 'z']) await insert(1, { tenantId })
    const order: string[] = []
    let answer: ClaimAnswer = { jobs: [], more: false }
    for (let n = 0; n < 4; n += 1) {
      answer = await claim({ round: roundAfter(['noop'], answer.last) })
      order.push(...answer.jobs.map(({ tenantId }) => tenantId))
      // While the queue is full, nobody's turn is used up.
      expect((await claim({ round: roundAfter(['noop'], answer.last) })).last).toBeUndefined()
      await finish(answer.jobs)
    }
    expect(order).toEqual(['a', 'b', 'z', 'a'])
  })

  it('takes jobs that were enqueued before there were limits, and counts them', async () => {
    const { db, insert, claim } = await testLanes({ concurrency: { perTenant: 3, perKey: 1 } })
    await insert(30)
    await insert(2, { laneKey: 'a' })
    await claim()
    await claim()
    expect(await runningBy(db, 'tenant_id')).toEqual({ acme: 3 })
  })

  it('looks again soon at lanes that another worker is claiming from', async () => {
    const { db, insert, claim } = await testLanes({ concurrency: { perTenant: 1 } })
    await insert(1)
    await insert(1, { tenantId: 'globex' })
    await claim({ limit: 1 })
    const other = await db.connect()
    await other.query('begin')
    await other.query(`select from longhaul.lanes where tenant_id = 'globex' for update`)
    expect(await claim()).toMatchObject({ jobs: [], againInMs: 20 })
    await other.query('rollback')
    expect((await claim()).jobs).toHaveLength(1)
  })
})

describe('limits of jobs that start in a time', () => {
  const hour = 3_600_000

  it.each([
    ['perQueue', { acme: 2, globex: 1 }],
    ['perTenant', { acme: 3, globex: 3 }],
    ['perKey', { acme: 3, globex: 3 }],
  ] as const)(
    '%s: so many start at once, and the next when its time has come',
    async (lane, expected) => {
      const { db, insert, claim } = await testLanes({ rate: { [lane]: { limit: 3, per: '3h' } } })
      const key = lane === 'perKey' ? { laneKey: 'a' } : {}
      await insert(9, key)
      await insert(9, { tenantId: 'globex', ...key })
      for (let n = 0; n < 3; n += 1) await claim()
      expect(await runningBy(db, 'tenant_id')).toEqual(expected)
      const { againInMs } = await claim()
      expect(againInMs).toBeGreaterThan(hour - 60_000)
      expect(againInMs).toBeLessThanOrEqual(hour)

      await db.query(`update longhaul.lanes set full_at = full_at - interval '1 hour 1 second'`)
      expect((await claim()).jobs).toHaveLength(lane === 'perQueue' ? 1 : 2)
      expect((await claim()).jobs).toEqual([])
    },
  )

  it('a key that is held back holds back no other, and is forgotten when its rate is', async () => {
    const { db, insert, claim } = await testLanes({ rate: { perKey: { limit: 1, per: '1h' } } })
    for (const laneKey of ['a', 'b']) await insert(2, { laneKey })
    await insert(3, { laneKey: '' })
    await claim()
    await claim()
    expect(await runningBy(db, 'lane_key')).toEqual({ a: 1, b: 1, '': 3 })

    expect(await db.run(forgetFullLanes({ limit: 10 }))).toEqual([])
    await db.query(`update longhaul.lanes set full_at = now() - interval '1 second'`)
    expect(await db.run(forgetFullLanes({ limit: 10 }))).toHaveLength(2)
    expect((await claim()).jobs).toHaveLength(2)
  })

  it('what was not used in a long time is not saved up', async () => {
    const { db, insert, claim } = await testLanes({ rate: { perTenant: { limit: 2, per: '1h' } } })
    await insert(9)
    await claim()
    await db.query(`update longhaul.lanes set full_at = now() - interval '9 hours'`)
    expect((await claim()).jobs).toHaveLength(2)
  })
})
