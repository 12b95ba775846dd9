import { type Query, sql } from '../../sql.js'

/**
 * Clear away the entries that claims have deleted: until then every claim steps over all of them.
 * Autovacuum looks once a minute, in which a busy queue leaves a million. One that is under way is
 * not waited for, and who does not own the table gets a warning and nothing else.
 */
export function vacuumReadyJobs(): Query<never> {
  return sql`vacuum (skip_locked, index_cleanup on, truncate off, parallel 0) longhaul.ready_jobs`
}
