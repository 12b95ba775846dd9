import { statusesAllowing } from '../../../core/index.js'
import { type Query, sql } from '../../sql.js'

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

/** The names of the secrets that it, and what is retried with it, had: an array. */
export const neededSecrets: Query<never> = sql`
  array(
    ${family}
    select distinct name from family cross join unnest(secret_names) as name order by name
  )`
