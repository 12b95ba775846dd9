import type { UnhandledJobs } from '../../../core/index.js'
import { type Query, sql } from '../../sql.js'

/** Whether a live worker has a type in this version. */
export function isHandled({
  type,
  version,
}: {
  readonly type: Query<never>
  readonly version: Query<never>
}): Query<never> {
  return sql`
    exists (
      select from longhaul.workers as worker
      where worker.lease_expires_at > now()
        and (worker.handles is null or ${type} || ' ' || ${version} = any(worker.handles))
    )`
}

/** Of ready entries called `entry`. */
const isUnhandled: Query<never> = sql`
  not ${isHandled({ type: sql`entry.type`, version: sql`entry.version` })}`

/** A tenant's ready jobs that no worker will take, by type and version. Of each queue the first thousand are looked at. */
export function findUnhandled(tenantId: string, queues: readonly string[]): Query<UnhandledJobs> {
  return sql`
    select entry.type, entry.version, entry.jobs
    from (
      select ready.type, ready.type_version as version, count(*)::integer as jobs
      from unnest(${queues}::text[]) as queue
      cross join lateral (
        select entry.type, entry.type_version
        from longhaul.ready_jobs as entry
        where entry.queue = queue.queue and entry.tenant_id = ${tenantId}
        limit 1000
      ) as ready
      group by 1, 2
    ) as entry
    where ${isUnhandled}
    order by entry.type, entry.version`
}

/** How many ready jobs of all tenants no worker will take. The first ten thousand are looked at. */
export function countUnhandled(): Query<{ unhandled: number }> {
  return sql`
    select coalesce(sum(entry.jobs), 0)::integer as unhandled
    from (
      select ready.type, ready.type_version as version, count(*) as jobs
      from (select type, type_version from longhaul.ready_jobs limit 10000) as ready
      group by 1, 2
    ) as entry
    where ${isUnhandled}`
}
