import { failure } from '../../../core/index.js'
import { type Query, sql } from '../../sql.js'
import { changedColumns, expiryAs, madeReady, settled, slotsFreed } from '../jobs/consequences.js'
import type { JobKey } from '../jobs/find-jobs.js'
import { outByItself, quarantined, suspected } from '../quarantine/quarantine-jobs.js'
import { withAttempt } from './finish-jobs.js'

const workerLost = JSON.stringify(
  failure(
    'worker_lost',
    'The process that ran this attempt died, hung, or lost its connection to the database.',
    null,
    true,
  ),
)
const attemptsExhausted = JSON.stringify(
  failure(
    'attempts_exhausted',
    'The last attempt ended because its process died, and no attempts are left. Retry the job to try again.',
    null,
    false,
  ),
)

export interface ChangedJob extends JobKey {
  readonly queue: string
}

/**
 * Take back the jobs of at most `limit` workers whose lease is over or whose row is gone. A job out of
 * attempts fails, and one whose cancellation was asked for is cancelled. One that was lost the time before as
 * well is quarantined. What a dead worker still writes carries an old fence.
 */
export function rescueJobs({ limit }: { limit: number }): Query<ChangedJob> {
  return sql`
    with dead as materialized (
      select claim.worker_id, claim.number, claim.tenant_ids, claim.job_ids
      from longhaul.claims as claim
      where claim.worker_id in (
        select distinct claim.worker_id
        from longhaul.claims as claim
        where not exists (
          select from longhaul.workers as worker
          where worker.id = claim.worker_id and worker.lease_expires_at > now()
        )
        limit ${limit}
      )
      order by claim.worker_id, claim.number
      for update of claim skip locked
    ),
    -- Two claims of a worker can name the same job: it waited in between, and another of the first goes on.
    held as materialized (
      select distinct dead.worker_id, held.tenant_id, held.job_id
      from dead, unnest(dead.tenant_ids, dead.job_ids) as held(tenant_id, job_id)
    ),
    orphans as materialized (
      select job.tenant_id, job.id, job.worker_id, job.fence, job.attempt, job.attempts
      from held
      join longhaul.jobs as job on job.tenant_id = held.tenant_id and job.id = held.job_id
      where job.status = 'running' and job.worker_id = held.worker_id
    ),
    ${suspected},
    taken as materialized (
      select job.tenant_id, job.id, job.attempt, job.max_attempts, job.cancel_requested_at
      from held
      join longhaul.jobs as job on job.tenant_id = held.tenant_id and job.id = held.job_id
      where job.status = 'running' and job.worker_id = held.worker_id
      order by job.tenant_id, job.id
      for no key update of job skip locked
    ),
    fates as materialized (
      select job.tenant_id, job.id, suspected.is_repeated, suspected.counts,
             case
               when job.cancel_requested_at is not null then 'cancelled'
               when job.attempt < job.max_attempts or not suspected.counts then 'queued'
               else 'failed'
             end as next_status
      from taken as job
      join suspected on suspected.tenant_id = job.tenant_id and suspected.id = job.id
    ),
    changed as (
      update longhaul.jobs as job
      set status = fates.next_status,
          error = case fates.next_status when 'failed' then ${attemptsExhausted}::jsonb end,
          attempts = ${withAttempt(sql`${workerLost}::jsonb`)},
          attempt = job.attempt - case when fates.counts or fates.next_status <> 'queued' then 0 else 1 end,
          handed_back = not fates.counts,
          worker_id = null,
          run_at = case fates.next_status when 'queued' then now() else job.run_at end,
          promote_at = case when fates.next_status = 'queued' and fates.is_repeated then ${outByItself} end,
          deadline_at = case fates.next_status when 'queued' then job.deadline_at end,
          finished_at = case when fates.next_status <> 'queued' then now() end,
          expires_at = case when fates.next_status <> 'queued' then ${expiryAs(sql`fates.next_status`)} end,
          version = job.version + 1
      from fates
      where job.tenant_id = fates.tenant_id and job.id = fates.id
      returning ${changedColumns}
    ),
    ${quarantined},
    claims_ended as (
      delete from longhaul.claims as claim
      using dead
      where claim.worker_id = dead.worker_id and claim.number = dead.number
        -- A job that was passed over keeps its claim, for the next rescue.
        and not exists (
          select
          from unnest(dead.tenant_ids, dead.job_ids) as held(tenant_id, job_id)
          join longhaul.jobs as job on job.tenant_id = held.tenant_id and job.id = held.job_id
          left join taken on taken.tenant_id = job.tenant_id and taken.id = job.id
          where job.status = 'running' and job.worker_id = dead.worker_id and taken.id is null
        )
    ),
    ${madeReady},
    ${settled},
    ${slotsFreed}
    select tenant_id, id, queue from changed`
}
