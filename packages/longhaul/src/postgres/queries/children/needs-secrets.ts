import { type Principal, statusesAllowing } from '../../../core/index.js'
import { planned, type Query, sql } from '../../sql.js'
import { type JobSelection, selected } from '../jobs/list-jobs.js'

/** A CTE: `longhaul.jobs as job` and all that is retried with it. */
const family: Query<never> = sql`
  with recursive family as (
    select job.id, job.secret_names
    union all
    select child.id, child.secret_names
    from family
    join longhaul.jobs as child on child.tenant_id = job.tenant_id and child.parent_id = family.id
    where child.status = any(${statusesAllowing('retry')})
  )`

/** Of `longhaul.jobs as job`: it had secrets, or something that is retried with it had. */
export const needsSecrets: Query<never> = sql`
  (job.secret_names is not null or exists (
    ${family} select from family where secret_names is not null
  ))`

export interface JobWithoutSecrets {
  readonly id: string
  /** The names of those that it, and what is retried with it, had. */
  readonly secrets: readonly string[]
}

/** The newest jobs of a selection that cannot be retried unless somebody gives their secrets again. */
export function findWithoutSecrets(
  principal: Principal,
  selection: JobSelection,
  limit: number,
): Query<JobWithoutSecrets> {
  return sql`
    select job.id,
           array(
             ${family}
             select distinct name from family cross join unnest(secret_names) as name order by name
           ) as secrets
    from longhaul.jobs as job
    where ${selected(principal, selection)} and job.status = any(${statusesAllowing('retry')})
      and ${needsSecrets}
    order by job.created_at desc, job.id desc
    limit ${planned(limit)}`
}
