import { type Query, sql } from '../../sql.js'

/** Whether anything is ready in these queues: a cheap look, before a claim that costs a transaction. */
export function hasReadyJobs(queues: readonly string[]): Query<{ exists: boolean }> {
  return sql`
    select exists (select from longhaul.ready_jobs where queue = any(${queues}::text[])) as exists`
}
