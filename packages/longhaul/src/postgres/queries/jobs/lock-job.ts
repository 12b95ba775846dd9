import type { Principal } from '../../../core/index.js'
import { type Query, sql } from '../../sql.js'
import { visibleTo } from './job-columns.js'

/**
 * Lock one job, before the statement that changes it. A statement that itself waits for a lock
 * goes on with the new version of that row, but sees all other tables as they were before it
 * waited: the job's entry, made by whoever had the lock, would be left over.
 */
export function lockJob(principal: Principal, id: string): Query<{ id: string }> {
  return sql`
    select job.id
    from longhaul.jobs as job
    where ${visibleTo(principal)} and job.id = ${id}
    for update`
}
