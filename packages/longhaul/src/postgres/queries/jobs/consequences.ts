import { type Query, sql } from '../../sql.js'

/**
 * What follows when jobs change, written by the statement that changes them: CTEs over one called
 * `changed`, which returns the changed rows of `longhaul.jobs`. Without them the row would be
 * right, but nobody would look at it.
 */

/** A job that may be claimed now gets its entry. */
export const madeReady: Query<never> = sql`
  made_ready as (
    insert into longhaul.ready_jobs (queue, tenant_id, priority, run_at, id, type, type_version, lane_key)
    select queue, tenant_id, priority, run_at, id, type, type_version, lane_key
    from changed
    where status in ('queued', 'waiting') and promote_at is null
  )`

/** When a job expires that now settles with this status. */
export function expiryAs(status: Query<never>): Query<never> {
  return sql`
    now() + coalesce(
      case ${status} when 'failed' then job.failed_expires_after when 'cancelled' then job.cancelled_expires_after end,
      job.expires_after
    )`
}

/** A settled job is looked at again when it expires, and its pending cancellations have been answered. */
export const settled: Query<never> = sql`
  to_expire as (
    insert into longhaul.expiries (expires_at, tenant_ids, job_ids)
    select expires_at, array_agg(tenant_id), array_agg(id)
    from changed
    where finished_at is not null
    group by expires_at
  ),
  answered as (
    update longhaul.cancellations as cancellation
    set status = 'processed', processed_at = now()
    from changed
    where changed.status = 'cancelled' and cancellation.status = 'pending'
      and cancellation.tenant_id = changed.tenant_id and cancellation.job_id = changed.id
  )`

/** A job that left `running` gives its place in a limited lane back. */
export const slotsFreed: Query<never> = sql`
  slots_freed as (
    delete from longhaul.lane_slots as slot
    using changed
    where changed.lane_key is not null
      and slot.queue = changed.queue and slot.tenant_id = changed.tenant_id
      and slot.key = changed.lane_key and slot.job_id = changed.id
  )`

/** The columns of `changed` that these need. */
export const changedColumns: Query<never> = sql`
  job.tenant_id, job.id, job.queue, job.lane_key, job.type, job.type_version, job.priority, job.run_at,
  job.promote_at, job.status, job.finished_at, job.expires_at`
