import { type Job, type Principal, statusesAllowing } from '../../../core/index.js'
import { type Query, sql } from '../../sql.js'
import type { WithEpoch } from '../../epoch.js'
import { changedColumns, madeReady } from './consequences.js'
import { retryCalledOff } from '../children/cascades.js'
import { needsSecrets } from '../children/needs-secrets.js'
import type { JobKey } from './find-jobs.js'
import { jobColumns, visibleTo } from './job-columns.js'

export type RetriedRow = Job &
  WithEpoch & {
    readonly tenantId: string
    /** Of the secrets that it had, and which are gone since it has settled. */
    readonly secretNames: readonly string[] | null
    /** It had secrets, or something that is retried with it had. */
    readonly needsSecrets: boolean
    /** Null: it is no batch. */
    readonly itemCount: number | null
    /** False when the job was in no status from which it can be retried, and nothing was changed. */
    readonly accepted: boolean
  }

/**
 * Start a failed or cancelled job again: as many attempts as its policy gives are added, finished
 * steps are kept, and so are the records of its failed attempts and cancellations. No row: no such job.
 * Lock the job first (lockJob).
 */
export function retryJob(principal: Principal, id: string): Query<RetriedRow> {
  return sql`
    ${retrying(sql`${visibleTo(principal)} and job.id = ${id}`)}
    select (select longhaul.epoch()) as epoch, true as accepted, job.tenant_id, job.secret_names,
           ${needsSecrets} as needs_secrets, job.item_count, ${jobColumns}
    from updated as job
    union all
    select longhaul.epoch(), false, job.tenant_id, job.secret_names,
           false, job.item_count, ${jobColumns}
    from target as job
    where job.status <> all(${statusesAllowing('retry')})`
}

/** Start many jobs again, as `retryJob` does. Lock them first (lockJobs). */
export function retryJobs(principal: Principal, ids: readonly string[]): Query<RetriedKey> {
  const which = sql`${visibleTo(principal)} and job.id = any(${ids}::uuid[])`
  return sql`${retrying(which)} ${retriedKeys}`
}

/** Retry jobs because what spawned them is retried. Lock them first (lockChildren). */
export function retryChildren(tenantId: string, ids: readonly string[]): Query<RetriedKey> {
  const which = sql`job.tenant_id = ${tenantId} and job.id = any(${ids}::uuid[])`
  return sql`${retrying(which)} ${retriedKeys}`
}

export type RetriedKey = JobKey & Pick<Job, 'queue'> & Pick<RetriedRow, 'secretNames' | 'itemCount'>

const retriedKeys: Query<RetriedKey> = sql`
  select job.tenant_id, job.id, job.queue, job.secret_names, job.item_count from updated as job`

/** CTEs that retry: `target` has the jobs that were asked for, `updated` those that were changed. */
function retrying(which: Query<never>): Query<never> {
  return sql`
    with target as materialized (
      select job.* from longhaul.jobs as job where ${which}
    ),
    -- A clean-up that has not begun is called off; for one that is under way the job waits.
    called_off as (
      delete from longhaul.cleanups as cleanup
      using target
      where target.cleans_up and cleanup.tenant_id = target.tenant_id and cleanup.job_id = target.id
        and (cleanup.run_id is null or cleanup.due_at <= now())
    ),
    under_way as materialized (
      select cleanup.tenant_id, cleanup.job_id, cleanup.due_at
      from target
      join longhaul.cleanups as cleanup
        on cleanup.tenant_id = target.tenant_id and cleanup.job_id = target.id
      where target.cleans_up and cleanup.run_id is not null and cleanup.due_at > now()
    ),
    updated as (
      update longhaul.jobs as job
      set status = 'queued',
          run_at = now(),
          promote_at = (
            select due_at from under_way
            where under_way.tenant_id = job.tenant_id and under_way.job_id = job.id
          ),
          max_attempts = job.attempt + job.attempts_per_retry,
          error = null,
          progress = 0,
          stage = null,
          cancel_requested_at = null,
          started_at = null,
          finished_at = null,
          expires_at = null,
          start_by = now() + job.start_within,
          deadline_at = now() + job.deadline,
          version = job.version + 1
      from target
      where job.tenant_id = target.tenant_id and job.id = target.id
        and target.status = any(${statusesAllowing('retry')})
      returning job.*
    ),
    ${retryCalledOff},
    -- It waits for nobody who was lost with it, or it would be let out before what it waits for is over.
    out_of_quarantine as (
      delete from longhaul.quarantined_jobs as quarantined
      using updated
      where quarantined.tenant_id = updated.tenant_id and quarantined.job_id = updated.id
    ),
    changed as (select ${changedColumns} from updated as job),
    ${madeReady}`
}
