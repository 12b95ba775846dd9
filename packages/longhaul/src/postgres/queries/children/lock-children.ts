import type { JobStatus } from '../../../core/index.js'
import { type Query, sql } from '../../sql.js'

export interface LockChildren {
  readonly tenantId: string
  readonly parentIds: readonly string[]
  /** Only those that are in one of these. */
  readonly statuses: readonly JobStatus[]
  /** False: only those that were given no secrets. */
  readonly withSecrets: boolean
}

/** Lock the children of jobs that are locked already: the way of the locks is down the tree. */
export function lockChildren({ tenantId, parentIds, statuses, withSecrets }: LockChildren): Query<{
  readonly id: string
}> {
  return sql`
    select child.id
    from longhaul.jobs as child
    where child.tenant_id = ${tenantId} and child.parent_id = any(${parentIds}::uuid[])
      and child.status = any(${statuses}) and (${withSecrets} or child.secret_names is null)
    order by child.id
    for update`
}
