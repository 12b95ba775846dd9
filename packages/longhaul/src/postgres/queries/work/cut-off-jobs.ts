import { type Query, sql } from '../../sql.js'
import { changedColumns, expiryAs, settled, slotsFreed } from '../jobs/consequences.js'
import type { ChangedJob } from './rescue-jobs.js'

/**
 * Settle running jobs whose handler did not stop within the grace period of its cancellation, at
 * most `limit`. What the handler still writes finds no running job.
 */
export function cutOffJobs({ limit }: { limit: number }): Query<ChangedJob> {
  return sql`
    with overdue as materialized (
      select job.tenant_id, job.id
      from longhaul.cancellations as cancellation
      join longhaul.jobs as job
        on job.tenant_id = cancellation.tenant_id and job.id = cancellation.job_id
      where cancellation.status = 'pending' and cancellation.cut_off_at <= now()
        and job.status = 'running' and cancellation.requested_at >= job.cancel_requested_at
      order by job.tenant_id, job.id
      limit ${limit}
      for no key update of job skip locked
    ),
    changed as (
      update longhaul.jobs as job
      set status = 'cancelled',
          worker_id = null,
          deadline_at = null,
          finished_at = now(),
          expires_at = ${expiryAs(sql`'cancelled'`)},
          version = job.version + 1
      from overdue
      where job.tenant_id = overdue.tenant_id and job.id = overdue.id
      returning ${changedColumns}
    ),
    -- Asked for while the statement that ended the job was under way, and could not see it.
    too_late as (
      update longhaul.cancellations as cancellation
      set status = 'processed', processed_at = now()
      where cancellation.status = 'pending' and cancellation.cut_off_at <= now() and not exists (
        select from longhaul.jobs as job
        where job.tenant_id = cancellation.tenant_id and job.id = cancellation.job_id
          and job.status = 'running' and job.cancel_requested_at <= cancellation.requested_at
      )
    ),
    ${settled},
    ${slotsFreed}
    select tenant_id, id, queue from changed`
}
