import { type Query, sql } from '../../sql.js'
import { changedColumns, madeReady } from '../jobs/consequences.js'
import type { JobKey } from '../jobs/find-jobs.js'

/** Lock the batches of which items have settled or were retried, at most `limit`. One that somebody else has locked is passed over. */
export function lockBatches({ limit }: { limit: number }): Query<JobKey> {
  return sql`
    select job.tenant_id, job.id
    from longhaul.jobs as job
    where (job.tenant_id, job.id) in (
      select distinct tenant_id, batch_id from longhaul.settled_items limit ${limit}
    )
    order by job.tenant_id, job.id
    for no key update skip locked`
}

export interface CountedRow {
  /** The batches that changed for whoever watches them. */
  readonly tenantIds: readonly string[]
  readonly ids: readonly string[]
  /** The queues in which some of them can be claimed now. */
  readonly queues: readonly string[]
  /** Some were passed over, or were too many: look again soon. */
  readonly more: boolean
}

/** How many of the items of `longhaul.jobs as job` had settled. */
const settledItems: Query<never> = sql`
  (coalesce(job.items_completed, 0) + coalesce(job.items_failed, 0) + coalesce(job.items_cancelled, 0))`

/**
 * Add what has become of items to the counts of their batches, and make those ready whose items have
 * all settled. Progress is the share of what is done, of which the batch's own handler is the last
 * part; it is written once per percent, however many items there are. A batch that has settled keeps
 * its counts. Lock the batches first (lockBatches): then what was noted by now is seen here, and what
 * comes later is noted for another look. One row always.
 */
export function countItems(batches: readonly JobKey[]): Query<CountedRow> {
  return sql`
    with batch as materialized (
      select * from unnest(
        ${batches.map(({ tenantId }) => tenantId)}::text[], ${batches.map(({ id }) => id)}::uuid[]
      ) as batch(tenant_id, id)
    ),
    left_over as materialized (
      select distinct note.tenant_id, note.batch_id
      from longhaul.settled_items as note
      join longhaul.jobs as job on job.tenant_id = note.tenant_id and job.id = note.batch_id
      where (note.tenant_id, note.batch_id) not in (select tenant_id, id from batch)
    ),
    noted as (
      delete from longhaul.settled_items as note
      where (note.tenant_id, note.batch_id) not in (select tenant_id, batch_id from left_over)
      returning note.tenant_id, note.batch_id, note.status, note.change
    ),
    change as materialized (
      select tenant_id, batch_id as id, sum(change) as settled,
             coalesce(sum(change) filter (where status = 'completed'), 0) as completed,
             coalesce(sum(change) filter (where status = 'failed'), 0) as failed,
             coalesce(sum(change) filter (where status = 'cancelled'), 0) as cancelled
      from noted
      group by tenant_id, batch_id
    ),
    counted as materialized (
      select *, settled >= item_count as is_over,
             100 * settled / (item_count + 1) as percent,
             is_waiting and (
               settled >= item_count
               or 100 * settled / (item_count + 1) <> 100 * settled_before / (item_count + 1)
             ) as is_visible
      from (
        select job.tenant_id, job.id, job.item_count, job.promote_at, job.status = 'waiting' as is_waiting,
               change.completed, change.failed, change.cancelled,
               ${settledItems} as settled_before, ${settledItems} + change.settled as settled
        from change
        join longhaul.jobs as job on job.tenant_id = change.tenant_id and job.id = change.id
        where job.finished_at is null
      ) as batch_now
    ),
    updated as (
      update longhaul.jobs as job
      set items_completed = coalesce(job.items_completed, 0) + counted.completed,
          items_failed = coalesce(job.items_failed, 0) + counted.failed,
          items_cancelled = coalesce(job.items_cancelled, 0) + counted.cancelled,
          progress = case when counted.is_visible then greatest(job.progress, counted.percent) else job.progress end,
          stage = case when counted.is_visible then counted.settled || '/' || counted.item_count else job.stage end,
          version = job.version + case when counted.is_visible then 1 else 0 end,
          -- One that is about to suspend, because items of it were retried, is not to sleep through their end.
          woken = job.woken or (job.status = 'running' and counted.is_over),
          start_by = case
            when counted.is_waiting and counted.is_over and job.fence = 0 then now() + job.start_within
            else job.start_by
          end,
          promote_at = case when counted.is_waiting and counted.is_over then null else job.promote_at end
      from counted
      where job.tenant_id = counted.tenant_id and job.id = counted.id
      returning ${changedColumns}, counted.promote_at as promoted_at, counted.is_visible
    ),
    changed as materialized (
      select * from updated where promote_at is null and promoted_at is not null
    ),
    ${madeReady}
    select coalesce((select array_agg(tenant_id) from updated where is_visible), '{}') as tenant_ids,
           coalesce((select array_agg(id::text) from updated where is_visible), '{}') as ids,
           coalesce((select array_agg(distinct queue::text) from changed), '{}') as queues,
           exists (select from left_over) as more`
}
