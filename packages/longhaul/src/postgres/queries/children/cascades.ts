import type { JobAction } from '../../../core/index.js'
import { type Query, sql } from '../../sql.js'

/** What is done to a job, on its way down: the children of this job after that one are to be cancelled or retried. */
export interface Cascade {
  readonly tenantId: string
  readonly jobId: string
  readonly action: Extract<JobAction, 'cancel' | 'retry'>
  /** The last child that it has come to. */
  readonly afterId: string | null
  /** Null: nobody is told of who retries. */
  readonly requestedBy: string | null
  readonly reason: string | null
}

/** Of `longhaul.jobs as job`: not all of its children have been come to. */
export const isCascading: Query<never> = sql`
  exists (
    select from longhaul.cascades as cascade
    where cascade.tenant_id = job.tenant_id and cascade.job_id = job.id
  )`

/** Of `job`, of which no more is known than its tenant and its id: a child that was cancelled has not stopped yet. */
export const hasStoppingChild: Query<never> = sql`
  exists (
    select from longhaul.cancellations as request
    join longhaul.jobs as child
      on child.tenant_id = request.tenant_id and child.id = request.job_id and child.status = 'running'
    where request.status = 'pending' -- the index's own words
      and request.tenant_id = job.tenant_id and child.parent_id = job.id
  )`

/** Of `longhaul.jobs as job`: it cannot be retried before what it has spawned is cancelled, and has stopped. */
export const isStillCancelling: Query<never> = sql`(${isCascading} or ${hasStoppingChild})`

/** Of `longhaul.jobs as job`: its parent's cancellation is about to come to it. */
export const isDoomed: Query<never> = sql`
  job.parent_id is not null and exists (
    select from longhaul.cascades as cascade
    where cascade.tenant_id = job.tenant_id and cascade.job_id = job.parent_id
      and cascade.action = 'cancel' and (cascade.after_id is null or cascade.after_id < job.id)
  )`

/**
 * What was still to be retried of the children of the jobs of a CTE `updated` is not any more. That of a job to
 * which nothing was done goes on.
 */
export const retryCalledOff: Query<never> = sql`
  retry_called_off as (
    delete from longhaul.cascades as cascade
    using updated
    where cascade.tenant_id = updated.tenant_id and cascade.job_id = updated.id
      and cascade.action = 'retry'
  )`

/** Leave these to the sweep. One of a job that had one takes its place. */
export function saveCascades(cascades: readonly Cascade[]): Query<never> {
  return sql`
    insert into longhaul.cascades (tenant_id, job_id, action, after_id, requested_by, reason)
    select * from unnest(
      ${cascades.map(({ tenantId }) => tenantId)}::text[],
      ${cascades.map(({ jobId }) => jobId)}::uuid[],
      ${cascades.map(({ action }) => action)}::text[],
      ${cascades.map(({ afterId }) => afterId)}::uuid[],
      ${cascades.map(({ requestedBy }) => requestedBy)}::text[],
      ${cascades.map(({ reason }) => reason)}::text[]
    ) as cascade(tenant_id, job_id, action, after_id, requested_by, reason)
    order by tenant_id, job_id
    on conflict (tenant_id, job_id) do update
    set action = excluded.action,
        after_id = excluded.after_id,
        requested_by = excluded.requested_by,
        reason = excluded.reason,
        continued_at = now()`
}

/** Lock those whose turn it is, at most `limit`. One that somebody else has locked is passed over. */
export function lockCascades({ limit }: { limit: number }): Query<Cascade> {
  return sql`
    select tenant_id, job_id, action, after_id, requested_by, reason
    from longhaul.cascades
    order by continued_at
    limit ${limit}
    for update skip locked`
}

export function endCascades(cascades: readonly Cascade[]): Query<never> {
  return sql`
    delete from longhaul.cascades as cascade
    using unnest(
      ${cascades.map(({ tenantId }) => tenantId)}::text[], ${cascades.map(({ jobId }) => jobId)}::uuid[]
    ) as ended(tenant_id, job_id)
    where cascade.tenant_id = ended.tenant_id and cascade.job_id = ended.job_id`
}
