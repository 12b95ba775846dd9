import type { Database } from './database.js'
import { rowOfJson } from './rows.js'
import { asTransactionError } from './sql-state.js'
import { piecesOf } from './sql.js'

/** One parameter, a text, and rows of one column, a text: that means the same to every driver. */
export const runStatement = 'select longhaul.run_statement($1) as answer'

export interface AnswerRow {
  readonly answer: string
}

/**
 * A transaction that another driver than ours has open. `send` runs `runStatement` in it, with `pieces`
 * for its parameter (docs/adr/0011).
 */
export function throughText(send: (pieces: string) => Promise<Iterable<AnswerRow>>): Database {
  return {
    async run(query) {
      try {
        const rows = [...(await send(JSON.stringify(piecesOf(query))))]
        return rows.map(({ answer }) => rowOfJson(answer) as never)
      } catch (error) {
        throw asTransactionError(error)
      }
    },
  }
}
