import { statusesAllowing } from '../../../core/index.js'
import { type Query, sql } from '../../sql.js'

/** Of `longhaul.jobs as job`: it had secrets, or something that it has spawned and that is retried with it had. */
export const needsSecrets: Query<never> = sql`
  (job.secret_names is not null or exists (
    with recursive family as (
      select child.id, child.secret_names
      from longhaul.jobs as child
      where child.tenant_id = job.tenant_id and child.parent_id = job.id
        and child.status = any(${statusesAllowing('retry')})
      union all
      select child.id, child.secret_names
      from family
      join longhaul.jobs as child on child.tenant_id = job.tenant_id and child.parent_id = family.id
      where child.status = any(${statusesAllowing('retry')})
    )
    select from family where secret_names is not null
  ))`
