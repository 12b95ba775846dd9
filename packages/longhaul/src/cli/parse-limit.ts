import { parseArgs } from 'node:util'
import type { CommandContext } from './command.js'

/** The `--limit` of a command, or nothing after telling what is wrong with it. */
export function parseLimit(
  { args, printError }: Pick<CommandContext, 'args' | 'printError'>,
  byDefault: number,
): number | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { limit: { type: 'string', default: String(byDefault) } },
    })
    const limit = Number(values.limit)
    if (Number.isInteger(limit) && limit >= 1) return limit
    printError(`--limit must be a whole number from 1 up, but was "${values.limit}"`)
  } catch (error) {
    printError(error instanceof Error ? error.message : String(error))
  }
  return undefined
}
