import { expect, it, onTestFinished } from 'vitest'
import { testDatabase } from '../../test/database.js'
import { silent, testJob } from '../../test/engine.js'
import { createLonghaul } from './index.js'

it('leaves the database alone while there is nothing to do', async () => {
  const { connection, query } = await testDatabase()
  const longhaul = createLonghaul({
    jobs: [testJob('noop', () => null)],
    authenticate: () => null,
    database: connection,
    logger: silent,
  })
  onTestFinished(() => longhaul.stop({ graceMs: 0 }))
  await longhaul.work()
  const transactions = async (): Promise<number> => {
    // A session reports its own within a second of having become idle.
    await new Promise((resolve) => setTimeout(resolve, 1500))
    const [row] = await query(
      `select xact_commit::integer as count from pg_stat_database where datname = current_database()`,
    )
    return Number(row!['count'])
  }
  const before = await transactions()
  const during = (await transactions()) - before
  // A look of each kind every few seconds; one that looks again at once makes hundreds.
  expect(during).toBeLessThan(30)
})
