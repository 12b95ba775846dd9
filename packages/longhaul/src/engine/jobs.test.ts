import { expect, it } from 'vitest'
import { ada } from '../../test/database.js'
import { deferred, testEngine, testJob } from '../../test/engine.js'
import { promoteJobs } from '../postgres/index.js'

it('G-22: deletes what has expired behind many that their owner has deleted', async () => {
  const { jobs, ...engine } = await testEngine([testJob('brief', () => 1, { expiresAfter: 0 })])
  const ids: string[] = []
  for (let n = 0; n < 9; n += 1) {
    ids.push(await engine.enqueue('brief'))
    await jobs.cancel({ principal: ada, id: ids[n]! })
  }
  for (const id of ids.slice(0, 8)) await jobs.delete(ada, id)
  expect(await jobs.deleteExpired()).toEqual({ deleted: 1, more: false })
})

it('a cancel that had to wait for a promotion takes the new entry out of the line', async () => {
  const engine = await testEngine([testJob('later', () => 1)])
  const { job } = await engine.jobs.enqueue('later', {}, { principal: ada, delay: 1 })
  const gate = deferred()
  const promoted = deferred()
  const promoting = engine.db.transaction(async (tx) => {
    await engine.db.query('select pg_sleep(0.01)')
    await tx.run(promoteJobs({ limit: 10 }))
    promoted.resolve()
    await gate.promise
  })
  await promoted.promise
  const cancelling = engine.jobs.cancel({ principal: ada, id: job.id })
  for (;;) {
    const [waiting] = await engine.db.query(
      `select count(*)::int as n from pg_locks where not granted`,
    )
    if (Number(waiting!['n']) > 0) break
  }
  gate.resolve()
  await promoting

  expect((await cancelling).value.status).toBe('cancelled')
  expect(await engine.db.query('select from longhaul.ready_jobs')).toEqual([])
})
