import { type SQL, sql } from 'drizzle-orm'
import type { OpenTransaction, Transactions } from '../core/index.js'
import { type AnswerRow, throughText } from '../postgres/index.js'

/** What Drizzle gives to the function that it runs in a transaction, on any driver for Postgres. */
export interface DrizzleTransaction {
  execute(query: SQL): PromiseLike<unknown>
  rollback(): never
}

export interface DrizzleDatabase<Tx> {
  /** It is not itself in a transaction. */
  readonly rollback?: never
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
}

/** An open transaction of Drizzle, to enqueue in it. */
export function fromDrizzle(tx: DrizzleTransaction): OpenTransaction
/**
 * A database of Drizzle, for steps that have a transaction of it.
 *
 * @example
 * const transaction = fromDrizzle(db)
 * await step('save', { transaction }, (tx) => tx.insert(orders).values(order))
 */
export function fromDrizzle<Tx extends DrizzleTransaction>(
  db: DrizzleDatabase<Tx>,
): Transactions<Tx>
export function fromDrizzle<Tx extends DrizzleTransaction>(
  source: DrizzleTransaction | DrizzleDatabase<Tx>,
): Transactions<Tx> | OpenTransaction {
  if (isOpen(source)) return within(source)
  return { open: (work) => source.transaction((tx) => work(tx, within(tx))) }
}

function isOpen(source: object): source is DrizzleTransaction {
  return 'rollback' in source
}

function within(tx: DrizzleTransaction): OpenTransaction {
  return throughText(async (statement, pieces) => {
    const [before = '', after = ''] = statement.split('$1')
    return rowsOf(await tx.execute(sql`${sql.raw(before)}${pieces}${sql.raw(after)}`))
  })
}

/** As the driver below it gives them. */
function rowsOf(result: unknown): Iterable<AnswerRow> {
  return Array.isArray(result) ? result : (result as { rows: AnswerRow[] }).rows
}
