import { type Query, sql } from '../../sql.js'

/**
 * Let jobs that are retried wait again for those of their children that had not completed. A child
 * that is gone is forgotten, and so will be spawned anew.
 */
export function resetChildSteps(tenantId: string, jobIds: readonly string[]): Query<never> {
  return sql`
    with open as materialized (
      select step.job_id, step.key, child.id is null as gone
      from longhaul.steps as step
      left join longhaul.jobs as child
        on child.tenant_id = step.tenant_id and child.id = step.child_id
      where step.tenant_id = ${tenantId} and step.job_id = any(${jobIds}::uuid[])
        and step.kind = 'child' and step.status <> 'completed'
    ),
    forgotten as (
      delete from longhaul.steps as step
      using open
      where open.gone
        and step.tenant_id = ${tenantId} and step.job_id = open.job_id and step.key = open.key
    )
    update longhaul.steps as step
    set status = 'running', error = null, finished_at = null
    from open
    where not open.gone and step.status = 'failed'
      and step.tenant_id = ${tenantId} and step.job_id = open.job_id and step.key = open.key`
}
