import type { Sql, TransactionSql } from 'postgres'
import type { OpenTransaction, Transactions } from '../core/index.js'
import { type AnswerRow, throughText } from '../postgres/index.js'

/**
 * A `sql` of postgres.js, for steps that have a transaction of it.
 *
 * @example
 * const transaction = fromPostgresJs(sql)
 * await step('save', { transaction }, (tx) => tx`insert into orders …`)
 */
export function fromPostgresJs<Types extends Record<string, unknown>>(
  sql: Sql<Types>,
): Transactions<TransactionSql<Types>>
/** The `sql` of an open transaction of postgres.js, to enqueue in it. */
export function fromPostgresJs<Types extends Record<string, unknown>>(
  sql: TransactionSql<Types>,
): OpenTransaction
export function fromPostgresJs<Types extends Record<string, unknown>>(
  sql: Sql<Types> | TransactionSql<Types>,
): Transactions<TransactionSql<Types>> | OpenTransaction {
  return 'begin' in sql ? openedBy(sql) : within(sql)
}

function within(sql: Pick<TransactionSql, 'unsafe'>): OpenTransaction {
  return throughText((statement, pieces) => sql.unsafe<AnswerRow[]>(statement, [pieces]))
}

function openedBy<Types extends Record<string, unknown>>(
  sql: Sql<Types>,
): Transactions<TransactionSql<Types>> {
  return {
    async open(work) {
      // In an object: `begin` takes an array for promises of its own.
      const { value } = await sql.begin(async (tx) => ({ value: await work(tx, within(tx)) }))
      return value
    },
  }
}
