import { statusesAllowing } from '../../../core/index.js'
import { planned, type Query, sql } from '../../sql.js'
import { childrenDeleted, isWoundUp } from '../jobs/delete-job.js'
import type { JobKey } from '../jobs/find-jobs.js'

/** Whose rows are to go: a user's in a tenant, or, without a user, the whole tenant's. */
export interface Erasure {
  readonly tenantId: string
  readonly userId?: string | undefined
}

/** The rows of `longhaul.jobs as job` that are theirs, also those that others may see. */
function ownedBy({ tenantId, userId }: Erasure): Query<never> {
  if (userId === undefined) return sql`job.tenant_id = ${tenantId}`
  return sql`job.tenant_id = ${tenantId} and job.owner_id = ${userId}`
}

/** Lock jobs that have not settled and were not asked to stop. Those that somebody has locked are passed over. */
export function lockUnsettledOf(who: Erasure, limit: number): Query<{ id: string }> {
  return sql`
    select job.id
    from longhaul.jobs as job
    where ${ownedBy(who)} and job.status = any(${statusesAllowing('cancel')})
      and job.cancel_requested_at is null
    order by job.created_at, job.id
    limit ${planned(limit)}
    for update skip locked`
}

/** Delete settled jobs, at most `limit`, and all that belongs to them; not those that are being wound up. */
export function deleteSettledOf(who: Erasure, limit: number): Query<JobKey> {
  return sql`
    with doomed as materialized (
      select job.tenant_id, job.id
      from longhaul.jobs as job
      where ${ownedBy(who)} and job.finished_at is not null and not ${isWoundUp}
      order by job.created_at, job.id
      limit ${planned(limit)}
      for update skip locked
    ),
    deleted as (
      delete from longhaul.jobs as job
      using doomed
      where job.tenant_id = doomed.tenant_id and job.id = doomed.id
      returning job.tenant_id, job.id
    ),
    ${childrenDeleted}
    select tenant_id, id from deleted`
}

/** End the cascades of their jobs, at most `limit`: all of these are cancelled by themselves. */
export function endCascadesOf(who: Erasure, limit: number): Query<{ readonly jobId: string }> {
  return sql`
    delete from longhaul.cascades
    where (tenant_id, job_id) in (
      select job.tenant_id, job.id
      from longhaul.cascades as cascade
      join longhaul.jobs as job on job.tenant_id = cascade.tenant_id and job.id = cascade.job_id
      where ${ownedBy(who)}
      limit ${planned(limit)}
    )
    returning job_id`
}

/** How many of their jobs are there, counted up to `cap`. */
export function countJobsOf(who: Erasure, cap: number): Query<{ readonly count: number }> {
  return sql`
    select count(*)::integer as count
    from (select from longhaul.jobs as job where ${ownedBy(who)} limit ${planned(cap)}) as job`
}
