import { failure } from '../../../core/index.js'
import { type Query, sql } from '../../sql.js'
import { changedColumns, expiryAs, madeReady, settled, slotsFreed } from '../jobs/consequences.js'
import type { JobKey } from '../jobs/find-jobs.js'
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
 * Take back the jobs of workers whose lease is over or whose row is gone, at most `limit` claims of
 * them. Each counts as a failed attempt; a job out of attempts fails, and one whose cancellation
 * was asked for is cancelled. What a dead worker still writes carries an old fence.
 */
export function rescueJobs({ limit }: { limit: number }): Query<ChangedJob> {
  return sql`
    with dead as materialized (
      select claim.worker_id, claim.number, claim.tenant_ids, claim.job_ids
      from longhaul.claims as claim
      where not exists (
        select from longhaul.workers as worker
        where worker.id = claim.worker_id and worker.lease_expires_at > now()
      )
      order by claim.worker_id, claim.number
      limit ${limit}
      for update of claim skip locked
    ),
    held as materialized (
      select dead.worker_id, dead.number, held.tenant_id, held.job_id
      from dead, unnest(dead.tenant_ids, dead.job_ids) as held(tenant_id, job_id)
    ),
    orphans as materialized (
      select job.tenant_id, job.id
      from held
      join longhaul.jobs as job on job.tenant_id = held.tenant_id and job.id = held.job_id
      where job.status = 'running' and job.worker_id = held.worker_id
      order by job.tenant_id, job.id
      for no key update of job skip locked
    ),
    changed as (
      update longhaul.jobs as job
      set status = case
            when job.cancel_requested_at is not null then 'cancelled'
            when job.attempt < job.max_attempts then 'queued'
            else 'failed'
          end,
          error = case
            when job.cancel_requested_at is null and job.attempt >= job.max_attempts
            then ${attemptsExhausted}::jsonb
          end,
          attempts = ${withAttempt(sql`${workerLost}::jsonb`)},
          worker_id = null,
          run_at = case
            when job.cancel_requested_at is null and job.attempt < job.max_attempts then now()
            else job.run_at
          end,
          deadline_at = case
            when job.cancel_requested_at is null and job.attempt < job.max_attempts then job.deadline_at
          end,
          finished_at = case
            when job.cancel_requested_at is not null or job.attempt >= job.max_attempts then now()
          end,
          expires_at = case
            when job.cancel_requested_at is not null or job.attempt >= job.max_attempts
            then ${expiryAs(sql`case when job.cancel_requested_at is null then 'failed' else 'cancelled' end`)}
          end,
          version = job.version + 1
      from orphans
      where job.tenant_id = orphans.tenant_id and job.id = orphans.id
      returning ${changedColumns}
    ),
    claims_ended as (
      delete from longhaul.claims as claim
      using dead
      where claim.worker_id = dead.worker_id and claim.number = dead.number
        -- A job that was passed over keeps its claim, for the next rescue.
        and not exists (
          select
          from held
          join longhaul.jobs as job on job.tenant_id = held.tenant_id and job.id = held.job_id
          left join orphans on orphans.tenant_id = job.tenant_id and orphans.id = job.id
          where held.worker_id = dead.worker_id and held.number = dead.number
            and job.status = 'running' and job.worker_id = held.worker_id and orphans.id is null
        )
    ),
    ${madeReady},
    ${settled},
    ${slotsFreed}
    select tenant_id, id, queue from changed`
}
