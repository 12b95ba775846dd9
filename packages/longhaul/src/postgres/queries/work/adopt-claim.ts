import { type Query, sql } from '../../sql.js'
import { type ClaimedJob, claimedColumns } from './claim-jobs.js'

export interface ClaimName {
  readonly workerId: string
  readonly number: number
}

/**
 * Make sure that a claim whose answer was lost has either happened or never will: its row is
 * inserted here, unless it is there. If the lost statement is still on its way, this waits for it;
 * if it has yet to begin, it will fail on our row.
 */
export function settleClaim({ workerId, number }: ClaimName): Query<never> {
  return sql`
    insert into longhaul.claims (worker_id, number, tenant_ids, job_ids)
    values (${workerId}, ${number}, '{}', '{}')
    on conflict do nothing`
}

/** The jobs that a claim gave to its worker and that it still has. */
export function findClaim({ workerId, number }: ClaimName): Query<ClaimedJob> {
  return sql`
    select ${claimedColumns}
    from longhaul.claims as claim
    cross join unnest(claim.tenant_ids, claim.job_ids) as held(tenant_id, job_id)
    join longhaul.jobs as job on job.tenant_id = held.tenant_id and job.id = held.job_id
    where claim.worker_id = ${workerId} and claim.number = ${number}
      and job.status = 'running' and job.worker_id = claim.worker_id`
}
