import type { Job } from '../../../core/index.js'
import { type Query, sql } from '../../sql.js'
import type { NewJob } from './new-job.js'
import { jobColumns } from './job-columns.js'

/** The place of which there is one. */
export interface SingletonPlace {
  readonly tenantId: string
  /** '' when all of the tenant may see the job. */
  readonly ownerId: string
  readonly type: string
  readonly key: string
}

/**
 * Lock a place, and say whose it is: this job's, if nobody had it. Whoever else asks for it waits for
 * the end of the transaction, at most `lockTimeoutMs`, as with `insertJobs`.
 */
export function holdSingleton(
  { tenantId, ownerId, type, key }: SingletonPlace,
  jobId: string,
  lockTimeoutMs?: number,
): Query<{ jobId: string }> {
  const patience =
    lockTimeoutMs === undefined
      ? sql`select null`
      : sql`select set_config('lock_timeout', ${String(lockTimeoutMs)}, true)`
  return sql`
    with patience as materialized (${patience})
    insert into longhaul.singletons as place (tenant_id, owner_id, type, key, job_id)
    select ${tenantId}, ${ownerId}, ${type}, ${key}, ${jobId}::uuid
    from patience
    on conflict (tenant_id, owner_id, type, key) do update set job_id = place.job_id
    returning job_id`
}

/** Give a locked place to another job. */
export function passSingleton(
  { tenantId, ownerId, type, key }: SingletonPlace,
  jobId: string,
): Query<{ jobId: string }> {
  return sql`
    update longhaul.singletons
    set job_id = ${jobId}
    where tenant_id = ${tenantId} and owner_id = ${ownerId} and type = ${type} and key = ${key}
    returning job_id`
}

/** The job that holds a locked place, while it has not settled. No row: the place is free. */
export function findUnsettled(tenantId: string, id: string): Query<Job> {
  return sql`
    select ${jobColumns}
    from longhaul.jobs as job
    where job.tenant_id = ${tenantId} and job.id = ${id} and job.finished_at is null`
}

/**
 * Let a job that waits for its first time wait on, for another input, as its type is now: a newer version of the app
 * may have moved that to another queue. No row: it is ready, has begun or has settled. It is made anew, as readers see
 * it, so that they get its new input.
 */
export function postponeJob(job: NewJob, id: string): Query<Job> {
  return sql`
    update longhaul.jobs as job
    set input = ${job.input}::jsonb,
        metadata = ${job.metadata ?? null}::jsonb,
        tags = ${job.tags},
        input_fields = ${job.inputFields ?? null},
        priority = ${job.priority},
        type_version = ${job.typeVersion},
        queue = ${job.queue},
        max_attempts = ${job.attempts},
        attempts_per_retry = ${job.attempts},
        cancel_grace = ${job.cancelGraceMs} * interval '1 ms',
        expires_after = ${job.expiresAfterMs} * interval '1 ms',
        failed_expires_after = ${job.failedExpiresAfterMs ?? null} * interval '1 ms',
        cancelled_expires_after = ${job.cancelledExpiresAfterMs ?? null} * interval '1 ms',
        lane_key = ${job.laneKey ?? null},
        run_at = now() + ${job.delayMs} * interval '1 ms',
        promote_at = now() + ${job.delayMs} * interval '1 ms',
        start_within = ${job.startWithinMs ?? null} * interval '1 ms',
        start_by = now() + ${job.delayMs} * interval '1 ms' + ${job.startWithinMs ?? null} * interval '1 ms',
        deadline = ${job.deadlineMs ?? null} * interval '1 ms',
        deadline_at = now() + ${job.delayMs} * interval '1 ms' + ${job.deadlineMs ?? null} * interval '1 ms',
        cleans_up = ${job.cleansUp ?? false},
        created_at = now(),
        version = job.version + 1
    where job.tenant_id = ${job.tenantId} and job.id = ${id}
      and job.status = 'queued' and job.fence = 0 and job.promote_at is not null
    returning ${jobColumns}`
}
