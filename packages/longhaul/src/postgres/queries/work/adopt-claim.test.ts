import { describe, expect, it } from 'vitest'
import { testDatabase } from '../../../../test/database.js'
import { sqlState } from '../../sql-state.js'
import { findClaim, settleClaim } from './adopt-claim.js'

describe('a claim whose answer was lost', () => {
  it('is found by its number when it has happened', async () => {
    const db = await testDatabase()
    await db.insertJob()
    const workerId = await db.registerWorker()
    const claimed = await db.claim({ workerId, number: 3 })

    await db.run(settleClaim({ workerId, number: 3 }))

    expect(claimed).toMatchObject(await db.run(findClaim({ workerId, number: 3 })))
  })

  it('can never happen once it was found not to have', async () => {
    const db = await testDatabase()
    await db.insertJob()
    const workerId = await db.registerWorker()

    await db.run(settleClaim({ workerId, number: 3 }))
    expect(await db.run(findClaim({ workerId, number: 3 }))).toEqual([])
    const late = await db.claim({ workerId, number: 3 }).catch((error: unknown) => error)

    expect(sqlState(late)).toBe('23505')
    expect(await db.query('select status from longhaul.jobs')).toEqual([{ status: 'queued' }])
  })
})
