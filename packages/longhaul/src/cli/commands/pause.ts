import { parseArgs } from 'node:util'
import { isForeignId, isName } from '../../core/index.js'
import { pauseLane, type PausedLane, resumeLane } from '../../postgres/index.js'
import type { Command, CommandContext } from '../command.js'

export const pause: Command = {
  name: 'pause',
  usage: 'pause <queue> [--tenant <id>]   Start no more jobs of a queue, or of one tenant in it',
  async run(context) {
    const lane = parseLane(context)
    if (lane === undefined) return 2
    await context.db.run(pauseLane(lane, 'longhaul pause'))
    context.print(`paused ${lane.queue}`)
    return 0
  },
}

export const resume: Command = {
  name: 'resume',
  usage: 'resume <queue> [--tenant <id>]  Start its jobs again; workers notice within 5 s',
  async run(context) {
    const lane = parseLane(context)
    if (lane === undefined) return 2
    const resumed = await context.db.run(resumeLane(lane))
    context.print(`${lane.queue} ${resumed.length === 0 ? 'was not paused' : 'is resumed'}`)
    return 0
  },
}

function parseLane({
  args,
  printError,
}: Pick<CommandContext, 'args' | 'printError'>): PausedLane | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { tenant: { type: 'string' } },
      allowPositionals: true,
    })
    const [queue = ''] = positionals
    const isLane =
      positionals.length === 1 &&
      isName(queue) &&
      (values.tenant === undefined || isForeignId(values.tenant))
    if (isLane) return { queue, tenantId: values.tenant ?? '' }
    printError('Say which queue, and with --tenant of which tenant.')
  } catch (error) {
    printError(error instanceof Error ? error.message : String(error))
  }
  return undefined
}
