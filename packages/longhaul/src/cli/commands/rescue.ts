import { rescueJobs } from '../../postgres/index.js'
import type { Command } from '../command.js'
import { parseLimit } from '../parse-limit.js'

export const rescue: Command = {
  name: 'rescue',
  usage:
    'rescue [--limit <n>]  Take back the jobs of workers that died: the jobs of up to n of them (100)',
  async run({ args, db, print, printError }) {
    const limit = parseLimit({ args, printError }, 100)
    if (limit === undefined) return 2
    const rescued = await db.run(rescueJobs({ limit }))
    for (const { tenantId, id } of rescued) print(`${tenantId} ${id}`)
    return 0
  },
}
