import { type Query, sql } from '../../sql.js'

/** How far off a time, in RFC 3339, is by the database's clock. One row always. */
export function findMsUntil(time: string): Query<{ msUntil: number }> {
  return sql`select (extract(epoch from ${time}::timestamptz - clock_timestamp()) * 1000)::float8 as ms_until`
}
