import type { Job, Principal } from '../../../core/index.js'
import { statusesAllowing } from '../../../core/index.js'
import { type Query, sql } from '../../sql.js'
import type { WithEpoch } from '../../epoch.js'
import { changedColumns, expiryAs, settled } from './consequences.js'
import { retryCalledOff } from '../children/cascades.js'
import type { JobKey } from './find-jobs.js'
import { jobColumns, visibleTo } from './job-columns.js'

export interface CancelJob {
  readonly principal: Principal
  readonly id: string
  readonly reason: string | undefined
  /** JSON text. */
  readonly metadata: string | undefined
}

export type CancelledRow = Job &
  WithEpoch & {
    readonly tenantId: string
    /** Whom to tell, when the job runs. */
    readonly workerId: string | null
    /** False when the job had already settled, and nothing was changed. */
    readonly accepted: boolean
  }

/**
 * Ask for a job to be cancelled. One that no worker has is cancelled at once; for a running one the
 * request is recorded, and whatever ends its attempt then ends it as cancelled. No row: no such job.
 * Lock the job first (lockJob).
 */
export function cancelJob({ principal, id, ...request }: CancelJob): Query<CancelledRow> {
  const which = sql`${visibleTo(principal)} and job.id = ${id}`
  return sql`
    ${cancelling(which, { ...request, requestedBy: principal.userId })}
    select (select longhaul.epoch()) as epoch, true as accepted, job.tenant_id, job.worker_id, ${jobColumns}
    from updated as job
    union all
    select longhaul.epoch(), false, job.tenant_id, job.worker_id, ${jobColumns}
    from target as job
    where job.status <> all(${statusesAllowing('cancel')})`
}

export type CancelJobs = Omit<CancelJob, 'id'> & { readonly ids: readonly string[] }

/** Ask for many jobs to be cancelled, as `cancelJob` does. Lock them first (lockJobs). */
export function cancelJobs({ principal, ids, ...request }: CancelJobs): Query<CancelledKey> {
  const which = sql`${visibleTo(principal)} and job.id = any(${ids}::uuid[])`
  return sql`
    ${cancelling(which, { ...request, requestedBy: principal.userId })}
    select job.tenant_id, job.id, job.worker_id from updated as job`
}

/** Cancel jobs because what spawned them was cancelled. Lock them first (lockChildren). */
export function cancelChildren(
  tenantId: string,
  ids: readonly string[],
  request: CancelRequest,
): Query<CancelledKey> {
  const which = sql`job.tenant_id = ${tenantId} and job.id = any(${ids}::uuid[])`
  return sql`
    ${cancelling(which, request)}
    select job.tenant_id, job.id, job.worker_id from updated as job`
}

export type CancelledKey = JobKey & Pick<CancelledRow, 'workerId'>

export interface CancelRequest extends Omit<CancelJob, 'principal' | 'id'> {
  readonly requestedBy: string
}

/** CTEs that cancel: `target` has the jobs that were asked for, `updated` those that were changed. */
function cancelling(
  which: Query<never>,
  { requestedBy, reason, metadata }: CancelRequest,
): Query<never> {
  return sql`
    with target as materialized (
      select job.* from longhaul.jobs as job where ${which}
    ),
    entry_removed as (
      delete from longhaul.ready_jobs as entry
      using target
      where target.status <> 'running'
        and entry.queue = target.queue and entry.tenant_id = target.tenant_id
        and entry.priority = target.priority and entry.run_at = target.run_at and entry.id = target.id
    ),
    updated as (
      update longhaul.jobs as job
      set status = case target.status when 'running' then 'running' else 'cancelled' end,
          cancel_requested_at = coalesce(job.cancel_requested_at, now()),
          promote_at = null,
          start_by = null,
          deadline_at = case target.status when 'running' then job.deadline_at end,
          finished_at = case when target.status <> 'running' then now() end,
          expires_at = case when target.status <> 'running' then ${expiryAs(sql`'cancelled'`)} end,
          version = job.version + 1
      from target
      where job.tenant_id = target.tenant_id and job.id = target.id
        and target.status = any(${statusesAllowing('cancel')})
      returning job.*
    ),
    recorded as (
      insert into longhaul.cancellations
        (tenant_id, job_id, requested_by, reason, metadata, status, processed_at, cut_off_at)
      select tenant_id, id, ${requestedBy}, ${reason ?? null}, ${metadata ?? null}::jsonb,
             case status when 'running' then 'pending' else 'processed' end,
             case when status <> 'running' then now() end,
             now() + cancel_grace
      from updated
    ),
    ${retryCalledOff},
    changed as (select ${changedColumns} from updated as job),
    ${settled}`
}
