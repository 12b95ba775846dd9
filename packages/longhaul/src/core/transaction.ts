/** A statement, and the shape of its rows. */
export interface Statement<Row> {
  readonly text: string
  readonly values: readonly unknown[]
  readonly row?: Row
}

/**
 * A transaction that the app has open on the database that Longhaul uses, as something in which
 * Longhaul's own statements can be run: `fromPg(client)`, `fromDrizzle(tx)` and the like.
 */
export interface OpenTransaction {
  run<Row>(statement: Statement<Row>): Promise<readonly Row[]>
}

/** What opens transactions of the app's own: `fromPg(pool)`, `fromDrizzle(db)` and the like. */
export interface Transactions<Client> {
  /** Commits when `work` resolves, rolls back when it rejects, and then rejects with the same error. */
  open<T>(work: (client: Client, transaction: OpenTransaction) => Promise<T>): Promise<T>
}
