import type { Database } from './database.js'
import { type Query, sql } from './sql.js'

/** A row of a statement that selects `longhaul.epoch() as epoch` beside what it reads. */
export interface WithEpoch {
  readonly epoch: string | null
}

/**
 * Run a read whose rows carry the epoch. After a crash of the database the epoch is gone; then it
 * is made anew and the read repeated, so that no answer is ever without one.
 */
export async function runWithEpoch<Row extends WithEpoch>(
  db: Database,
  query: Query<Row>,
): Promise<{ epoch: string; rows: readonly Row[] }> {
  for (;;) {
    const rows = await db.run(query)
    const epoch = rows[0]?.epoch
    if (typeof epoch === 'string') return { epoch, rows }
    await db.run(beginEpoch())
  }
}

/**
 * As `longhaul.epoch()`, written out: Postgres cannot put a function with a `from` into a statement, and
 * to start it costs a single insert a twentieth.
 */
export const epochNow: Query<never> = sql`(
  select to_hex(extract(epoch from pg_postmaster_start_time())::bigint) || '-' || epochs.id
  from longhaul.epochs
)`

/** The epoch on its own, for statements that have no row to carry it. */
export async function readEpoch(db: Database): Promise<string> {
  const { epoch } = await runWithEpoch(db, sql<WithEpoch>`select longhaul.epoch() as epoch`)
  return epoch
}

function beginEpoch(): Query<never> {
  return sql`
    insert into longhaul.epochs (id)
    values (substr(replace(gen_random_uuid()::text, '-', ''), 1, 12))
    on conflict do nothing`
}
