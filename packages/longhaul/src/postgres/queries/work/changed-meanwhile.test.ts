import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../../test/database.js'
import type { Database } from '../../database.js'
import { openPgDatabase } from '../../pg.js'
import { claimJobs, readClaim } from './claim-jobs.js'
import { finishJobs, readFinishes } from './finish-jobs.js'
import { roundAfter } from './turns.js'

/**
 * Whoever is under the engine's role and reads a job waits while `hold` lasts: its statement has its
 * snapshot by then, and no lock.
 */
async function slowReader(db: TestDatabase): Promise<{
  readonly reader: Database
  hold(work: () => Promise<void>): Promise<void>
}> {
  await db.query(`
    create function longhaul.wait() returns boolean language plpgsql as
    $$ begin perform pg_advisory_xact_lock_shared(1); return true; end $$`)
  await db.query(`
    create policy waits on longhaul.jobs as restrictive for select to longhaul_engine using (longhaul.wait())`)
  const reader = openPgDatabase({
    connection: { ...db.connection, options: '-c role=longhaul_engine' },
    applicationName: 'reader',
    maxConnections: 1,
    synchronousCommit: 'off',
  })
  onTestFinished(() => reader.close())
  const gate = await db.connect()
  await gate.query('select pg_advisory_lock(1)')
  const isWaiting = `select from pg_locks where locktype = 'advisory' and not granted
    and database = (select oid from pg_database where datname = current_database())`
  return {
    reader,
    async hold(work) {
      await vi.waitFor(async () => expect(await db.query(isWaiting)).toHaveLength(1), 10_000)
      await work()
      await gate.query('select pg_advisory_unlock(1)')
    },
  }
}

describe('a job that is changed between the snapshot and the lock of a statement', () => {
  it('is passed over by a finish, which can be sent again', async () => {
    const db = await testDatabase()
    await db.insertJob()
    const [job] = await db.claim({ workerId: await db.registerWorker() })
    const finishes = [{ ...job!, outcome: { action: 'complete', result: '1' } } as const]
    const { reader, hold } = await slowReader(db)

    const rows = reader.run(finishJobs(finishes))
    await hold(async () => {
      await db.query('update longhaul.jobs set progress = 50, version = version + 1')
    })

    expect(readFinishes(finishes, await rows)).toEqual([undefined])
    expect(await db.query('select status, progress from longhaul.jobs')).toEqual([
      { status: 'running', progress: 50 },
    ])
    expect(await db.query('select from longhaul.expiries')).toEqual([])
    const again = await reader.run(finishJobs(finishes))
    expect(readFinishes(finishes, again)).toEqual(['finished'])
  })

  it('keeps its entry when it could have been claimed', async () => {
    const db = await testDatabase()
    const id = await db.insertJob()
    const workerId = await db.registerWorker()
    const claim = (number: number) =>
      claimJobs({
        workerId,
        number,
        endedClaims: [],
        handled: [{ type: 'noop', version: 1 }],
        round: roundAfter(['noop'], undefined),
        limit: 10,
      })
    const { reader, hold } = await slowReader(db)

    const rows = reader.run(claim(1))
    await hold(async () => {
      await db.query('update longhaul.jobs set woken = true, version = version + 1')
    })

    expect(readClaim(await rows).jobs).toEqual([])
    expect(await db.query('select id from longhaul.ready_jobs')).toEqual([{ id }])
    expect(await db.query('select from longhaul.claims')).toEqual([])
    expect(readClaim(await reader.run(claim(2))).jobs).toMatchObject([{ id, woken: true }])
  })
})
