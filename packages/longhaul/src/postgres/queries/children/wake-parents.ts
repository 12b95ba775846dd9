import { type Query, sql } from '../../sql.js'
import { changedColumns, madeReady } from '../jobs/consequences.js'
import type { JobKey } from '../jobs/find-jobs.js'

/** Lock the parents of children that have settled, at most `limit`. One that somebody else has locked is passed over. */
export function lockParents({ limit }: { limit: number }): Query<JobKey> {
  return sql`
    select job.tenant_id, job.id
    from longhaul.jobs as job
    where (job.tenant_id, job.id) in (
      select tenant_id, parent_id from longhaul.settled_children limit ${limit}
    )
    order by job.tenant_id, job.id
    for no key update skip locked`
}

export interface WokenRow {
  /** The queues in which parents can be claimed again. */
  readonly queues: readonly string[]
  /** Some were passed over, or were too many: look again soon. */
  readonly more: boolean
  /** There are items of batches to count. */
  readonly items: boolean
}

/**
 * Wake the parents that have something to go on with: all children of one call have settled. One
 * that waits becomes ready; one that is queued or runs is told by `woken` not to sleep through it.
 * Lock the parents first (lockParents): then all that had settled by now is seen here, and what
 * settles later leaves a row for another look. One row always.
 */
export function wakeParents(parents: readonly JobKey[]): Query<WokenRow> {
  return sql`
    with parent as materialized (
      select * from unnest(
        ${parents.map(({ tenantId }) => tenantId)}::text[], ${parents.map(({ id }) => id)}::uuid[]
      ) as parent(tenant_id, id)
    ),
    left_over as materialized (
      select note.tenant_id, note.parent_id
      from longhaul.settled_children as note
      join longhaul.jobs as job on job.tenant_id = note.tenant_id and job.id = note.parent_id
      where not exists (
        select from parent where parent.tenant_id = note.tenant_id and parent.id = note.parent_id
      )
    ),
    looked_at as (
      delete from longhaul.settled_children as note
      where not exists (
        select from left_over
        where left_over.tenant_id = note.tenant_id and left_over.parent_id = note.parent_id
      )
    ),
    reached as materialized (
      select parent.tenant_id, parent.id
      from parent
      where exists (
        select
        from longhaul.steps as step
        left join longhaul.jobs as child
          on child.tenant_id = step.tenant_id and child.id = step.child_id
        where step.tenant_id = parent.tenant_id and step.job_id = parent.id
          and step.kind = 'child' and step.status = 'running'
        group by step.child_group
        having every(child.id is null or child.finished_at is not null)
      )
    ),
    told as (
      update longhaul.jobs as job
      set woken = true
      from reached
      where job.tenant_id = reached.tenant_id and job.id = reached.id
        and job.status in ('queued', 'running') and not job.woken
    ),
    changed as (
      update longhaul.jobs as job
      set promote_at = null
      from reached
      where job.tenant_id = reached.tenant_id and job.id = reached.id
        and job.status = 'waiting' and job.promote_at is not null
      returning ${changedColumns}
    ),
    ${madeReady}
    select coalesce(array_agg(distinct queue::text), '{}') as queues,
           exists (select from left_over) as more,
           exists (select from longhaul.settled_items) as items
    from changed`
}
