import { expect, it, vi } from 'vitest'
import { newJob, testDatabase } from '../../../test/database.js'
import { testJob } from '../../../test/engine.js'
import { insertJobs, type OwnDatabase } from '../../postgres/index.js'
import { createClaimer } from './claimer.js'

it.each(['unlimited', 'limited'])(
  'a round of %s queues ends where it began, however many tenants have nothing to take',
  async (kind) => {
    const db = await testDatabase()
    const tenants = Array.from({ length: 150 }, (_, n) => `t${n}`)
    await db.run(
      insertJobs(
        tenants.map((tenantId) => newJob({ tenantId, typeVersion: 2 })),
        1000,
      ),
    )
    let claims = 0
    const counting: OwnDatabase = {
      ...db,
      run(query) {
        if (query.text.includes('entries_removed')) claims += 1
        return db.run(query)
      },
      transaction(work) {
        claims += 1
        return db.transaction(work)
      },
    }
    const definitions = [
      testJob('noop', () => 1, kind === 'limited' ? { concurrency: { perTenant: 1 } } : {}),
    ]
    const claimer = createClaimer({ db: counting, definitions, isAlive: () => true })
    const workerId = await db.registerWorker()

    // The first time the lanes of those that it meets are made.
    for (const expected of kind === 'limited' ? [6, 9] : [3, 6]) {
      expect((await claimer.claim(workerId, 10)).claims).toEqual([])
      expect(claims).toBe(expected)
    }

    const id = await db.insertJob({ tenantId: 't99' })
    expect(await claimer.claim(workerId, 10)).toMatchObject({ claims: [{ jobs: [{ id }] }] })
  },
)

it('clears away the entries that its claims have deleted, long before autovacuum comes', async () => {
  const db = await testDatabase()
  const jobs = Array.from({ length: 5000 }, () => newJob())
  await db.run(insertJobs(jobs))
  const claimer = createClaimer({
    db,
    definitions: [testJob('noop', () => 1)],
    isAlive: () => true,
  })
  const workerId = await db.registerWorker()
  const vacuums = async (): Promise<number> => {
    const query = `select pg_stat_get_vacuum_count('longhaul.ready_jobs'::regclass)::integer as count`
    return (await db.query(query))[0]!['count'] as number
  }

  await claimer.claim(workerId, 4000)
  expect(await vacuums()).toBe(0)
  await claimer.claim(workerId, 4000)

  await vi.waitFor(async () => expect(await vacuums()).toBe(1), { timeout: 10_000 })
})

it('G-07: leaves a claim whose lease was lost to those who rescue its job', async () => {
  const db = await testDatabase()
  let isHeld = true
  const claimer = createClaimer({
    db,
    definitions: [testJob('noop', () => 1)],
    isAlive: () => isHeld,
  })
  const workerId = await db.registerWorker()
  await db.insertJob()
  const { claims } = await claimer.claim(workerId, 10)
  isHeld = false
  claimer.release(workerId, claims[0]!.number)
  // A statement that was about to go out when the lease was lost.
  await claimer.claim(workerId, 10)
  expect(await db.query('select number from longhaul.claims')).toEqual([
    { number: claims[0]!.number },
  ])
})
