import type { Cancellation, JobAttempt, JobStep, Principal } from '../../../core/index.js'
import { type Query, sql } from '../../sql.js'
import { visibleTo } from './job-columns.js'

/** The steps of a job that the principal may see, in the order in which the handler reached them. */
export function findSteps(principal: Principal, jobId: string): Query<JobStep> {
  return sql`
    select step.key, step.status, step.runs, step.attempt, step.error, step.started_at, step.finished_at,
           step.kind, step.wakes_at, step.child_id
    from longhaul.jobs as job
    join longhaul.steps as step on step.tenant_id = job.tenant_id and step.job_id = job.id
    where ${visibleTo(principal)} and job.id = ${jobId}
    order by step.position, step.started_at`
}

/** The requests to cancel a job that the principal may see, oldest first. */
export function findCancellations(principal: Principal, jobId: string): Query<Cancellation> {
  return sql`
    select cancellation.id, cancellation.requested_by, cancellation.reason, cancellation.metadata,
           cancellation.status, cancellation.requested_at, cancellation.processed_at
    from longhaul.jobs as job
    join longhaul.cancellations as cancellation
      on cancellation.tenant_id = job.tenant_id and cancellation.job_id = job.id
    where ${visibleTo(principal)} and job.id = ${jobId}
    order by cancellation.requested_at, cancellation.id`
}

/** The failed attempts of a job that the principal may see, oldest first. */
export function findAttempts(
  principal: Principal,
  jobId: string,
): Query<{ readonly attempts: readonly JobAttempt[] }> {
  return sql`select job.attempts from longhaul.jobs as job where ${visibleTo(principal)} and job.id = ${jobId}`
}
