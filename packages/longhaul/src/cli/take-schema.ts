import { parseArgs } from 'node:util'
import { defaultSchema, parseSchema, schemaOfBranch } from '../postgres/index.js'
import type { CommandContext } from './command.js'

export interface TakenSchema {
  readonly schema: string
  /** What is left for the command. */
  readonly args: readonly string[]
}

/**
 * The schema that a command is for, or nothing after telling why no schema is called so: every command takes
 * `--schema` or `--branch`, else it is `LONGHAUL_SCHEMA`.
 */
export function takeSchema(
  { args, printError }: Pick<CommandContext, 'args' | 'printError'>,
  byDefault = '',
): TakenSchema | undefined {
  const { values, tokens } = parseArgs({
    args: [...args],
    options: { schema: { type: 'string' }, branch: { type: 'string' } },
    strict: false,
    tokens: true,
  })
  const taken = new Set<number>()
  for (const token of tokens) {
    if (token.kind !== 'option' || (token.name !== 'schema' && token.name !== 'branch')) continue
    // A variable that is not set leaves nothing, or what comes next.
    if (token.value === undefined || token.value.startsWith('-')) {
      printError(
        `--${token.name} needs a name. Look whether the variable that holds it is set here.`,
      )
      return undefined
    }
    taken.add(token.index)
    if (!token.inlineValue) taken.add(token.index + 1)
  }
  const { schema = byDefault || defaultSchema, branch } = values
  try {
    return {
      schema: branch === undefined ? parseSchema(String(schema)) : schemaOfBranch(String(branch)),
      args: args.filter((_, n) => !taken.has(n)),
    }
  } catch (error) {
    printError(error instanceof Error ? error.message : String(error))
    return undefined
  }
}
