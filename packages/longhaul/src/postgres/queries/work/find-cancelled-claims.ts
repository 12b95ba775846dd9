import { type Query, sql } from '../../sql.js'
import type { HeldJob } from './pulse-jobs.js'

/** The running jobs of a worker whose cancellation was asked for. */
export function findCancelledClaims(workerId: string): Query<HeldJob> {
  return sql`
    select distinct job.tenant_id, job.id, job.fence
    from longhaul.cancellations as cancellation
    join longhaul.jobs as job
      on job.tenant_id = cancellation.tenant_id and job.id = cancellation.job_id
    where cancellation.status = 'pending' and job.worker_id = ${workerId}
      and cancellation.requested_at >= job.cancel_requested_at`
}
