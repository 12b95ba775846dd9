import type { JobStatus, Principal } from '../../../core/index.js'
import { type Query, sql } from '../../sql.js'
import { isCascading } from '../children/cascades.js'
import { visibleTo } from './job-columns.js'

/** What belongs to the jobs of a CTE called `deleted` goes with them. */
export const childrenDeleted: Query<never> = sql`
  steps_deleted as (
    delete from longhaul.steps as step
    using deleted
    where step.tenant_id = deleted.tenant_id and step.job_id = deleted.id
  ),
  cancellations_deleted as (
    delete from longhaul.cancellations as cancellation
    using deleted
    where cancellation.tenant_id = deleted.tenant_id and cancellation.job_id = deleted.id
  ),
  chunks_deleted as (
    delete from longhaul.stream_chunks as chunk
    using deleted
    where chunk.tenant_id = deleted.tenant_id and chunk.job_id = deleted.id
  ),
  singletons_deleted as (
    delete from longhaul.singletons as place
    using deleted
    where place.tenant_id = deleted.tenant_id and place.job_id = deleted.id
  ),
  cleanups_deleted as (
    delete from longhaul.cleanups as cleanup
    using deleted
    where cleanup.tenant_id = deleted.tenant_id and cleanup.job_id = deleted.id
  ),
  quarantined_deleted as (
    delete from longhaul.quarantined_jobs as quarantined
    using deleted
    where quarantined.tenant_id = deleted.tenant_id and quarantined.job_id = deleted.id
  ),
  signals_deleted as (
    delete from longhaul.signals as signal
    using deleted
    where signal.tenant_id = deleted.tenant_id and signal.job_id = deleted.id
  )`

export interface DeletedRow {
  readonly tenantId: string
  readonly status: JobStatus
  readonly deleted: boolean
}

/** Of `longhaul.jobs as job`: it was cancelled, and its clean-up, or the cancellation of its children, is not over. */
export const isWoundUp: Query<never> = sql`
  (${isCascading} or job.cleans_up and job.status = 'cancelled' and exists (
    select from longhaul.cleanups as cleanup
    where cleanup.tenant_id = job.tenant_id and cleanup.job_id = job.id
  ))`

/** Delete a settled job and all that belongs to it. A row with `deleted` false: it has not settled, or is being wound up. No row: no such job. Lock the job first (lockJob). */
export function deleteJob(principal: Principal, id: string): Query<DeletedRow> {
  return sql`
    with target as materialized (
      select job.tenant_id, job.id, job.status, job.finished_at is not null and not ${isWoundUp} as over
      from longhaul.jobs as job
      where ${visibleTo(principal)} and job.id = ${id}
    ),
    deleted as (
      delete from longhaul.jobs as job
      using target
      where job.tenant_id = target.tenant_id and job.id = target.id and target.over
      returning job.tenant_id, job.id
    ),
    ${childrenDeleted}
    select tenant_id, status, over as deleted from target`
}
