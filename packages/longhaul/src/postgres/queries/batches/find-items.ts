import type { Job, JobStatus } from '../../../core/index.js'
import { type Query, sql } from '../../sql.js'
import type { JobKey } from '../jobs/find-jobs.js'
import { jobColumns } from '../jobs/job-columns.js'

/** What has become of a batch's items. */
export interface ItemCountRow {
  readonly tenantId: string
  readonly jobId: string
  readonly total: number
  readonly completed: number
  readonly failed: number
  readonly cancelled: number
}

/** The counts of these batches. */
export function findItemCounts(batches: readonly JobKey[]): Query<ItemCountRow> {
  return sql`
    select job.tenant_id, job.id as job_id, job.item_count as total,
           coalesce(job.items_completed, 0) as completed, coalesce(job.items_failed, 0) as failed,
           coalesce(job.items_cancelled, 0) as cancelled
    from unnest(
      ${batches.map(({ tenantId }) => tenantId)}::text[], ${batches.map(({ id }) => id)}::uuid[]
    ) as wanted(tenant_id, id)
    join longhaul.jobs as job on job.tenant_id = wanted.tenant_id and job.id = wanted.id`
}

export interface FindItems {
  readonly batch: JobKey
  readonly status: JobStatus | undefined
  /** The last item of the page before. */
  readonly after: string | undefined
  readonly limit: number
}

/** A page of a batch's items, in the order of their ids. */
export function findItems({ batch, status, after, limit }: FindItems): Query<Job> {
  return sql`
    select ${jobColumns}
    from longhaul.jobs as job
    where job.tenant_id = ${batch.tenantId} and job.parent_id = ${batch.id} and job.is_item
      and (${status ?? null}::text is null or job.status = ${status ?? null})
      and (${after ?? null}::uuid is null or job.id > ${after ?? null})
    order by job.id
    limit ${limit}`
}
