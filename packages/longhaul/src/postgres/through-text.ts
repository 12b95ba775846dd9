import type { Database } from './database.js'
import { rowOfJson } from './rows.js'
import { asTransactionError } from './sql-state.js'
import { piecesOf, schemaOf } from './sql.js'

export interface AnswerRow {
  readonly answer: string
}

/**
 * A transaction that another driver than ours has open. `send` runs a statement in it that has one parameter,
 * a text, and answers with rows of one column, a text: that means the same to every driver (docs/adr/0011).
 */
export function throughText(
  send: (statement: string, pieces: string) => Promise<Iterable<AnswerRow>>,
): Database {
  return {
    async run(query) {
      const schema = schemaOf(query)
      try {
        const statement = `select ${schema}.run_statement($1) as answer`
        const rows = [...(await send(statement, JSON.stringify(piecesOf(query))))]
        return rows.map(({ answer }) => rowOfJson(answer) as never)
      } catch (error) {
        throw asTransactionError(error, schema)
      }
    },
  }
}
