import type { JobStatus } from '../../../core/index.js'
import { type Query, sql } from '../../sql.js'
import { changedColumns, madeReady } from '../jobs/consequences.js'
import type { TakenCleanup } from './take-cleanups.js'

type Run = Pick<TakenCleanup, 'tenantId' | 'id' | 'runId'>

/** Lock the job, before the statement that ends its clean-up: somebody may just be retrying it. */
export function lockJobOfCleanup({ tenantId, id }: Run): Query<{ status: JobStatus }> {
  return sql`
    select status from longhaul.jobs where tenant_id = ${tenantId} and id = ${id} for no key update`
}

/**
 * A clean-up has been carried out, or is given up. A job that was retried meanwhile has waited for
 * it, and is ready. Lock the job first (lockJobOfCleanup).
 */
export function endCleanup({ tenantId, id, runId }: Run): Query<{ queue: string }> {
  return sql`
    with ended as (
      delete from longhaul.cleanups
      where tenant_id = ${tenantId} and job_id = ${id} and run_id = ${runId}
      returning due_at
    ),
    changed as (
      update longhaul.jobs as job
      set promote_at = null
      from ended
      where job.tenant_id = ${tenantId} and job.id = ${id}
        and job.status = 'queued' and job.promote_at = ended.due_at
      returning ${changedColumns}
    ),
    ${madeReady}
    select queue from changed`
}

export interface PutOff {
  readonly delayMs: number
  /** Whether the run counts: one that was called off by a shutdown does not. */
  readonly counts: boolean
}

/** A clean-up is to be run again. */
export function putOffCleanup(
  { tenantId, id, runId }: Run,
  { delayMs, counts }: PutOff,
): Query<never> {
  return sql`
    update longhaul.cleanups
    set run_id = null,
        runs = runs - ${counts ? 0 : 1}::integer,
        due_at = now() + ${delayMs} * interval '1 ms'
    where tenant_id = ${tenantId} and job_id = ${id} and run_id = ${runId}`
}
