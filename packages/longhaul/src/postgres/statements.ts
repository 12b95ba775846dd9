import { createHash } from 'node:crypto'
import { inSchema } from './schema-name.js'

export interface Statement {
  readonly text: string
  /** Under which it is prepared. */
  readonly name?: string
}

/** What is sent for a query's text. */
export type Statements = (text: string) => Statement

export const asItIs: Statements = (text) => ({ text })

/** Each text is put into its schema, and named, once for all connections of a database. */
export function createStatements(
  schema: string,
  { prepare }: { readonly prepare: boolean },
): Statements {
  const known = new Map<string, Statement>()
  const most = 500 // filters make many texts; past this they are simply not prepared
  return (text) => {
    const found = known.get(text)
    if (found !== undefined) return found
    const own = inSchema(schema, text)
    if (known.size === most) return { text: own }
    const made = prepare ? { text: own, name: nameOf(own) } : { text: own }
    known.set(text, made)
    return made
  }
}

/**
 * Every connection prepares a text once, under a name that no other text has in any process: where a
 * pooler that was not found mixes up connections, that is an error and never another statement.
 */
function nameOf(text: string): string {
  return `longhaul_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`
}
