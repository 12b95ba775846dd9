import { type Query, sql } from '../../sql.js'

/**
 * Count the items of batches that are retried, which may have changed since these had settled. What is
 * noted of them is in these counts, for it is committed together with the items' change. Lock the
 * batches first.
 */
export function recountItems(tenantId: string, batchIds: readonly string[]): Query<never> {
  return sql`
    with notes_deleted as (
      delete from longhaul.settled_items
      where tenant_id = ${tenantId} and batch_id = any(${batchIds}::uuid[])
    ),
    counted as materialized (
      select batch.id, count(item.id) as items,
             count(item.id) filter (where item.status = 'completed') as completed,
             count(item.id) filter (where item.status = 'failed') as failed,
             count(item.id) filter (where item.status = 'cancelled') as cancelled
      from unnest(${batchIds}::uuid[]) as batch(id)
      left join longhaul.jobs as item
        on item.tenant_id = ${tenantId} and item.parent_id = batch.id and item.is_item
      group by batch.id
    )
    update longhaul.jobs as job
    set item_count = counted.items,
        items_completed = counted.completed,
        items_failed = counted.failed,
        items_cancelled = counted.cancelled
    from counted
    where job.tenant_id = ${tenantId} and job.id = counted.id`
}
