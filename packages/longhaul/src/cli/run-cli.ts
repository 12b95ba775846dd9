import { LonghaulError } from '../core/index.js'
import { openPgDatabase } from '../postgres/index.js'
import type { Command } from './command.js'
import { cleanup } from './commands/cleanup.js'
import { drop } from './commands/drop.js'
import { erase } from './commands/erase.js'
import { migrate } from './commands/migrate.js'
import { pause, resume } from './commands/pause.js'
import { rescue } from './commands/rescue.js'
import { rls } from './commands/rls.js'
import { takeSchema } from './take-schema.js'

const commands: readonly Command[] = [migrate, rescue, cleanup, pause, resume, erase, rls, drop]

const usage = `longhaul <command>

${commands.map((command) => `  ${command.usage}`).join('\n')}

The database is the one of DATABASE_URL. Each command takes --schema <name>, or --branch <name> for the
schema of a branch's preview; else it is for the schema of LONGHAUL_SCHEMA, or "longhaul".`

export interface CliContext {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  print(line: string): void
  printError(line: string): void
}

/** @returns the exit code: 0 done, 1 not done, 2 misused */
export async function runCli({ args, env, print, printError }: CliContext): Promise<0 | 1 | 2> {
  const [name, ...rest] = args
  if (name === undefined || name === '--help' || name === 'help') {
    print(usage)
    return name === undefined ? 2 : 0
  }
  const command = commands.find((each) => each.name === name)
  if (command === undefined) {
    printError(`There is no command "${name}".\n\n${usage}`)
    return 2
  }
  const connection = env['DATABASE_URL']
  if (connection === undefined || connection === '') {
    printError(
      'Set DATABASE_URL to the Postgres that the command is for, such as postgres://user@localhost/app.',
    )
    return 2
  }
  const taken = takeSchema({ args: rest, printError }, env['LONGHAUL_SCHEMA'])
  if (taken === undefined) return 2
  const db = openPgDatabase({
    connection,
    schema: taken.schema,
    applicationName: `longhaul-${name}`,
    maxConnections: 2,
    synchronousCommit: 'on',
    prepare: false,
  })
  try {
    return await command.run({ args: taken.args, db, print, printError })
  } catch (error) {
    const cause =
      LonghaulError.is(error) && error.cause instanceof Error ? ` (${error.cause.message})` : ''
    printError(`${error instanceof Error ? error.message : String(error)}${cause}`)
    return 1
  } finally {
    await db.close()
  }
}
