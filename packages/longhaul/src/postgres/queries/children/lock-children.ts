import { type Query, sql } from '../../sql.js'

/** Lock jobs of one level in the order of their ids: the way of the locks is down the tree. */
export function lockChildren(
  tenantId: string,
  ids: readonly string[],
): Query<{ readonly id: string; readonly itemCount: number | null }> {
  return sql`
    select job.id, job.item_count
    from longhaul.jobs as job
    where job.tenant_id = ${tenantId} and job.id = any(${ids}::uuid[])
    order by job.id
    for update`
}
