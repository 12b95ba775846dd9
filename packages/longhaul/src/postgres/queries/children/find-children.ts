import type { JobStatus } from '../../../core/index.js'
import { type Query, sql } from '../../sql.js'
import { type Cascade, hasStoppingChild } from './cascades.js'

export interface ChildRow {
  readonly parentId: string
  readonly id: string
}

export interface FindChildren {
  /** Of one tenant. */
  readonly cascades: readonly Cascade[]
  /** Only those that are in one of these. */
  readonly statuses: readonly JobStatus[]
  /** Of all of them together. */
  readonly most: number
}

/** The next children, one cascade after the other. */
export function findChildren({ cascades, statuses, most }: FindChildren): Query<ChildRow> {
  return sql`
    select cascade.job_id as parent_id, child.id
    from unnest(
      ${cascades.map(({ jobId }) => jobId)}::uuid[], ${cascades.map(({ afterId }) => afterId)}::uuid[]
    ) with ordinality as cascade(job_id, after_id, turn)
    cross join lateral (
      select job.id
      from longhaul.jobs as job
      where job.tenant_id = ${cascades[0]!.tenantId} and job.parent_id = cascade.job_id
        and job.id > coalesce(cascade.after_id, '00000000-0000-0000-0000-000000000000')
        and job.status = any(${statuses})
      order by job.id
      limit ${most}
    ) as child
    order by cascade.turn, child.id
    limit ${most}`
}

export interface FamilyRow {
  readonly id: string
  readonly isParent: boolean
  /** What it has spawned is still being cancelled, or stopping. */
  readonly isCancelling: boolean
}

/** What hangs on these jobs. Lock them first: then none of them is just about to spawn, or being cancelled. */
export function findFamilies(tenantId: string, jobIds: readonly string[]): Query<FamilyRow> {
  return sql`
    select job.id,
           exists (
             select from longhaul.jobs as child
             where child.tenant_id = job.tenant_id and child.parent_id = job.id
           ) as is_parent,
           exists (
             select from longhaul.cascades as cascade
             where cascade.tenant_id = job.tenant_id and cascade.job_id = job.id
               and cascade.action = 'cancel'
           ) or ${hasStoppingChild} as is_cancelling
    from (select ${tenantId}::text as tenant_id, id from unnest(${jobIds}::uuid[]) as job(id)) as job
    order by job.id`
}
