import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { startTestDatabase, type TestDatabase } from 'longhaul/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { composeGoal } from '../../goals/smart-goal.js'
import { openPool } from '../auth/open-pool.js'
import { createDeskStore, type DeskStore } from './desk-store.js'
import { prepareGoals } from './prepare-goals.js'

let database: TestDatabase
let pool: pg.Pool
let desk: DeskStore
beforeAll(async () => {
  database = await startTestDatabase()
  pool = openPool(database.database)
  await Promise.all([prepareGoals(pool), prepareGoals(pool)])
  desk = createDeskStore(pool)
})
afterAll(async () => {
  await pool.end()
  await database.stop()
})

const owner = (userId: string) => ({ tenantId: 'acme', userId })

describe('a desk', () => {
  it('keeps one goal and counts one request for a job that does it twice', async () => {
    const ada = owner('ada')
    const goal = composeGoal('learn Spanish', '2026-11-22')
    const jobId = randomUUID()
    for (let n = 0; n < 2; n += 1) {
      await desk.keepGoal(ada, jobId, goal)
      expect(await desk.countRequest(ada, jobId)).toEqual({ requests: 1, tokens: 0 })
    }
    expect(await desk.goals(ada)).toEqual([{ id: jobId, ...goal }])
  })

  it('shows tasks as they were added, and then in the order that was kept', async () => {
    const eve = owner('eve')
    const [a, b] = await Promise.all(
      ['a', 'b'].map((title) => desk.addTask(eve, { title, dueOn: '2027-01-31', minutes: null })),
    )
    expect(a).toMatchObject({ dueOn: '2027-01-31', reason: null })
    const gone = { id: randomUUID(), reason: 'gone' }
    await desk.keepOrder(eve, [{ id: b!.id, reason: 'one' }, gone, { id: a!.id, reason: 'two' }])
    expect(await desk.tasks(eve)).toMatchObject([
      { title: 'b', reason: 'one' },
      { title: 'a', reason: 'two' },
    ])
  })

  it('belongs to one person in one organisation', async () => {
    const grace = owner('grace')
    const task = await desk.addTask(grace, { title: 'mine', dueOn: null, minutes: 5 })
    await desk.keepGoal(grace, task.id, composeGoal('learn Spanish', '2026-11-22'))
    for (const other of [owner('bob'), { tenantId: 'globex', userId: 'grace' }]) {
      expect(await desk.tasks(other)).toEqual([])
      expect(await desk.goals(other)).toEqual([])
      await desk.keepOrder(other, [{ id: task.id, reason: 'theirs' }])
      expect(await desk.removeTask(other, task.id)).toBe(false)
      expect(await desk.removeGoal(other, task.id)).toBe(false)
    }
    expect(await desk.tasks(grace)).toMatchObject([{ title: 'mine', reason: null }])
    expect(await desk.removeTask(grace, task.id)).toBe(true)
  })
})
