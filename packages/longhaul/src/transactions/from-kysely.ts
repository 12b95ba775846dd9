import { CompiledQuery, type Kysely, type Transaction } from 'kysely'
import type { OpenTransaction, Transactions } from '../core/index.js'
import { type AnswerRow, throughText } from '../postgres/index.js'

/** An open transaction of Kysely, to enqueue in it. */
export function fromKysely<Tables>(trx: Transaction<Tables>): OpenTransaction
/**
 * A Kysely on Postgres, for steps that have a transaction of it.
 *
 * @example
 * const transaction = fromKysely(db)
 * await step('save', { transaction }, (trx) => trx.insertInto('orders').values(order).execute())
 */
export function fromKysely<Tables>(db: Kysely<Tables>): Transactions<Transaction<Tables>>
export function fromKysely<Tables>(
  source: Kysely<Tables> | Transaction<Tables>,
): Transactions<Transaction<Tables>> | OpenTransaction {
  if (source.isTransaction) return within(source)
  return { open: (work) => source.transaction().execute((trx) => work(trx, within(trx))) }
}

function within<Tables>(trx: Kysely<Tables>): OpenTransaction {
  return throughText(async (statement, pieces) => {
    const { rows } = await trx.executeQuery(CompiledQuery.raw(statement, [pieces]))
    return rows as AnswerRow[]
  })
}
