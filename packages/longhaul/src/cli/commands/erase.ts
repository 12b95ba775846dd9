import { parseArgs } from 'node:util'
import { isForeignId } from '../../core/index.js'
import { createErase } from '../../engine/index.js'
import type { Command } from '../command.js'

export const erase: Command = {
  name: 'erase',
  usage:
    'erase --tenant <id> [--user <id>]   Erase a user, or a whole tenant; call it again while jobs are left',
  async run({ args, db, print, printError }) {
    const { values } = parseArgs({
      args: [...args],
      options: { tenant: { type: 'string' }, user: { type: 'string' } },
    })
    const { tenant: tenantId = '', user: userId } = values
    if (!isForeignId(tenantId) || (userId !== undefined && !isForeignId(userId))) {
      printError('Say which tenant with --tenant, and with --user which of its users.')
      return 2
    }
    const operator = { tenantId, userId: 'longhaul erase', roles: ['operator'] }
    // No hints: workers hear of it by their own regular look.
    const run = createErase({ db, hints: { send: () => undefined } })
    const { jobs, schedules, left } = await run(operator, { tenantId, userId })
    print(`erased ${jobs} jobs and ${schedules} schedules`)
    if (left === 0) return 0
    printError(
      `${left} jobs are still running or being cleaned up after. Call it again in a minute.`,
    )
    return 1
  },
}
