import { type Query, sql } from '../../sql.js'

/** What there is to do for those who sweep. Each may say too much, and never too little. */
export interface DueRow {
  /** Jobs whose time has come. */
  readonly promotable: boolean
  /** Children and items that have settled, of which their parents do not know. */
  readonly settled: boolean
  /** Cancellations and retries that have not yet come to all that a job has spawned. */
  readonly cascading: boolean
  /** Claims of dead workers, or jobs in quarantine. */
  readonly lost: boolean
  /** Cancelled jobs whose time to stop is over. */
  readonly unheeded: boolean
  readonly overdue: boolean
  readonly expired: boolean
}

/** One look at all that could be due, which writes nothing and takes no lock. One row always. */
export function findDue(): Query<DueRow> {
  return sql`
    select exists (select from longhaul.jobs where promote_at <= now()) as promotable,
           exists (select from longhaul.settled_children) or exists (select from longhaul.settled_items) as settled,
           exists (select from longhaul.cascades) as cascading,
           exists (
             select from longhaul.claims as claim
             where not exists (
               select from longhaul.workers as worker
               where worker.id = claim.worker_id and worker.lease_expires_at > now()
             )
           ) or exists (select from longhaul.quarantined_jobs) as lost,
           exists (
             select from longhaul.cancellations where status = 'pending' and cut_off_at <= now()
           ) as unheeded,
           exists (
             select from longhaul.jobs
             where least(start_by, deadline_at) <= now()
               and (start_by is not null or deadline_at is not null) -- the index's own words
               and finished_at is null
           ) as overdue,
           exists (select from longhaul.expiries where expires_at <= now()) as expired`
}
