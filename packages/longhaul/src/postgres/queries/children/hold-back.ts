import { type Query, sql } from '../../sql.js'
import { changedColumns, madeReady } from '../jobs/consequences.js'

/**
 * Keep retried jobs from being claimed until what they have spawned has been retried: the time in which they have to
 * start counts from then on. Lock them first.
 */
export function holdBack(tenantId: string, jobIds: readonly string[]): Query<never> {
  return sql`
    with held as (
      update longhaul.jobs as job
      set promote_at = 'infinity', start_by = null
      where job.tenant_id = ${tenantId} and job.id = any(${jobIds}::uuid[]) and job.status = 'queued'
        and job.promote_at is distinct from 'infinity'
      returning ${changedColumns}
    )
    delete from longhaul.ready_jobs as entry
    using held
    where entry.queue = held.queue and entry.tenant_id = held.tenant_id
      and entry.priority = held.priority and entry.run_at = held.run_at and entry.id = held.id`
}

/** Let jobs go that were held back, as they are after a retry: one that is being cleaned up after waits for that. Lock them first. */
export function letGo(tenantId: string, jobIds: readonly string[]): Query<{ queue: string }> {
  return sql`
    with changed as (
      update longhaul.jobs as job
      set start_by = now() + job.start_within,
          promote_at = (
            select due_at
            from longhaul.cleanups as cleanup
            where cleanup.tenant_id = job.tenant_id and cleanup.job_id = job.id
              and cleanup.run_id is not null and cleanup.due_at > now()
          )
      where job.tenant_id = ${tenantId} and job.id = any(${jobIds}::uuid[])
        and job.status = 'queued' and job.promote_at = 'infinity'
      returning ${changedColumns}
    ),
    ${madeReady}
    select distinct queue from changed`
}
