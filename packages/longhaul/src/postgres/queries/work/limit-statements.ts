import { type Query, sql } from '../../sql.js'

/** Until the transaction ends, the server ends each of its statements after this time, if it would not have sooner. */
export function limitStatements(timeoutMs: number): Query<never> {
  return sql`
    select set_config('statement_timeout', least(nullif(setting::float8, 0), ${Math.ceil(timeoutMs)}::float8)::text, true)
    from pg_settings
    where name = 'statement_timeout'`
}
