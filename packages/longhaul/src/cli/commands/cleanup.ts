import { deleteExpiredJobs } from '../../postgres/index.js'
import type { Command } from '../command.js'
import { parseLimit } from '../parse-limit.js'

export const cleanup: Command = {
  name: 'cleanup',
  usage: 'cleanup [--limit <n>] Delete expired jobs, in at most n bounded batches (1000)',
  async run({ args, db, print, printError }) {
    const limit = parseLimit({ args, printError }, 1000)
    if (limit === undefined) return 2
    let deleted = 0
    for (let batch = 0; batch < limit; batch += 1) {
      const gone = await db.run(deleteExpiredJobs({ limit: 4 }))
      if (gone.length === 0) break
      deleted += gone.length
    }
    print(`deleted ${deleted} expired jobs`)
    return 0
  },
}
