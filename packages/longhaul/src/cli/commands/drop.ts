import { parseArgs } from 'node:util'
import { dropSchema, findSchema, schemaOfBranch } from '../../postgres/index.js'
import type { Command, CommandContext } from '../command.js'

export const drop: Command = {
  name: 'drop',
  usage: `drop --yes <schema or branch> [--force]
                                      Remove a schema with all its jobs; refused while workers are alive, unless forced`,
  async run(context) {
    const { db, print, printError } = context
    const wanted = parseWanted(context)
    if (wanted === undefined) return 2
    const { exists, liveWorkers } = await findSchema(db)
    if (!exists) {
      print(`there is no schema ${db.schema} here`)
      return 0
    }
    if (liveWorkers.length > 0 && !wanted.force) {
      printError(
        `Workers are at work in ${db.schema} (${liveWorkers.join(', ')}), so nothing was removed. Stop them; one that died ` +
          'counts until its lease runs out, after half a minute. --force does not wait, and what still runs there fails.',
      )
      return 1
    }
    const rolesLeft = await dropSchema(db)
    print(`removed ${db.schema}`)
    for (const role of rolesLeft)
      print(`the role ${role} stays: it is used elsewhere, or is somebody else's`)
    return 0
  },
}

function parseWanted({
  args,
  db: { schema },
  printError,
}: CommandContext): { readonly force: boolean } | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { yes: { type: 'string', default: '' }, force: { type: 'boolean', default: false } },
    })
    const { yes, force } = values
    if (yes === schema || (yes !== '' && schemaOfBranch(yes) === schema)) return { force }
    printError(
      `This removes ${schema} with all its jobs, for good. Say so by repeating its name: --yes ${schema}`,
    )
  } catch (error) {
    printError(error instanceof Error ? error.message : String(error))
  }
  return undefined
}
