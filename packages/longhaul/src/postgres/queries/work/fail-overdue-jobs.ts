import { deadlineExceeded, notStartedInTime } from '../../../core/index.js'
import { type Query, sql } from '../../sql.js'
import { changedColumns, expiryAs, settled, slotsFreed } from '../jobs/consequences.js'
import type { ChangedJob } from './rescue-jobs.js'
import { withAttempt } from './finish-jobs.js'

const tooLate = JSON.stringify(deadlineExceeded)
const notStarted = JSON.stringify(notStartedInTime)

/**
 * Fail the jobs whose deadline has come, and those that have not started in time, at most `limit`.
 * One that runs has been stopped by its worker: it gets the grace period of a cancellation to end.
 */
export function failOverdueJobs({ limit }: { limit: number }): Query<ChangedJob> {
  return sql`
    with overdue as materialized (
      select job.*, job.deadline_at <= now() as past_deadline,
             case when job.cancel_requested_at is null then 'failed' else 'cancelled' end as next_status
      from longhaul.jobs as job
      where least(start_by, deadline_at) <= now()
        and (start_by is not null or deadline_at is not null) -- the index's own words
        and finished_at is null
        and case status
          when 'running' then deadline_at + cancel_grace <= now()
          else deadline_at <= now() or started_at is null
        end
      order by least(start_by, deadline_at)
      limit ${limit}
      for no key update skip locked
    ),
    entries_removed as (
      delete from longhaul.ready_jobs as entry
      using overdue
      where entry.queue = overdue.queue and entry.tenant_id = overdue.tenant_id
        and entry.priority = overdue.priority and entry.run_at = overdue.run_at and entry.id = overdue.id
    ),
    changed as (
      update longhaul.jobs as job
      set status = overdue.next_status,
          error = case
            when job.cancel_requested_at is not null then null
            when overdue.past_deadline then ${tooLate}::jsonb
            else ${notStarted}::jsonb
          end,
          attempts = case job.status
            when 'running' then ${withAttempt(sql`${tooLate}::jsonb`)}
            else job.attempts
          end,
          worker_id = null,
          promote_at = null,
          start_by = null,
          deadline_at = null,
          finished_at = now(),
          expires_at = ${expiryAs(sql`overdue.next_status`)},
          version = job.version + 1
      from overdue
      where job.tenant_id = overdue.tenant_id and job.id = overdue.id
      returning ${changedColumns}
    ),
    ${settled},
    ${slotsFreed}
    select tenant_id, id, queue from changed`
}

/** Until the next job is overdue; null when none will be. */
export function findNextOverdue(): Query<{ nextInMs: number | null }> {
  return sql`
    select (extract(epoch from min(least(start_by, deadline_at)) - now()) * 1000)::float8 as next_in_ms
    from longhaul.jobs
    where least(start_by, deadline_at) > now() and (start_by is not null or deadline_at is not null)`
}
