import { deleteExpiredJobs, readExpired } from '../../postgres/index.js'
import type { Command } from '../command.js'
import { parseLimit } from '../parse-limit.js'

const listsPerBatch = 4

export const cleanup: Command = {
  name: 'cleanup',
  usage: 'cleanup [--limit <n>] Delete expired jobs, in at most n bounded batches (1000)',
  async run({ args, db, print, printError }) {
    const limit = parseLimit({ args, printError }, 1000)
    if (limit === undefined) return 2
    let deleted = 0
    for (let batch = 0; batch < limit; batch += 1) {
      const { lists, gone } = readExpired(await db.run(deleteExpiredJobs({ limit: listsPerBatch })))
      deleted += gone.length
      if (lists < listsPerBatch) break
    }
    print(`deleted ${deleted} expired jobs`)
    return 0
  },
}
