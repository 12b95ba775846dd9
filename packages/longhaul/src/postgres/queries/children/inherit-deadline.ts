import { type Query, sql } from '../../sql.js'
import type { JobKey } from '../jobs/find-jobs.js'

/**
 * Give children that have just been inserted their parent's deadline, where they have no earlier
 * one: nobody would wait for their results after it.
 */
export function inheritDeadline(
  { tenantId, id }: JobKey,
  childIds: readonly string[],
): Query<never> {
  return sql`
    update longhaul.jobs as child
    set deadline = least(child.deadline, parent.deadline),
        deadline_at = least(child.deadline_at, parent.deadline_at),
        version = child.version + 1
    from longhaul.jobs as parent
    where parent.tenant_id = ${tenantId} and parent.id = ${id} and parent.deadline_at is not null
      and child.tenant_id = ${tenantId} and child.id = any(${childIds}::uuid[]) and child.parent_id = ${id}
      and child.fence = 0 and child.finished_at is null`
}
