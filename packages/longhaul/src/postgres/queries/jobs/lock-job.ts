import { type JobAction, type Principal, statusesAllowing } from '../../../core/index.js'
import { planned, type Query, sql } from '../../sql.js'
import { isStillCancelling } from '../children/cascades.js'
import { needsSecrets } from '../children/needs-secrets.js'
import { visibleTo } from './job-columns.js'
import { type JobSelection, selected } from './list-jobs.js'

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

export interface ManyJobs {
  readonly principal: Principal
  readonly selection: JobSelection
  readonly action: Extract<JobAction, 'cancel' | 'retry'>
}

/** Lock the newest jobs of a selection to which something can be done. Those that somebody has locked are passed over. */
export function lockJobs(many: ManyJobs, limit: number): Query<{ id: string }> {
  return sql`
    select job.id
    from longhaul.jobs as job
    where ${canBeDone(many)}
    order by job.created_at desc, job.id desc
    limit ${planned(limit)}
    for update skip locked`
}

/** To how many jobs it can still be done, counted up to `cap`. */
export function countJobsLeft(many: ManyJobs, cap: number): Query<{ left: number }> {
  return sql`
    select count(*)::integer as left
    from (select from longhaul.jobs as job where ${canBeDone(many)} limit ${planned(cap)}) as job`
}

function canBeDone({ principal, selection, action }: ManyJobs): Query<never> {
  // Who retries jobs that had secrets has to give them again, to these jobs.
  const possible =
    action === 'cancel'
      ? sql`job.cancel_requested_at is null`
      : sql`not ${isStillCancelling} and not ${needsSecrets}`
  return sql`${selected(principal, selection)} and job.status = any(${statusesAllowing(action)}) and ${possible}`
}
