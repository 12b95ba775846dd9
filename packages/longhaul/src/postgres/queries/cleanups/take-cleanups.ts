import type { Json } from '../../../core/index.js'
import { type Query, sql } from '../../sql.js'
import type { Handled } from '../work/claim-jobs.js'

export interface TakeCleanups {
  /** The job types whose clean-ups can be run here, and after how long a run of each is taken for dead. */
  readonly handled: readonly (Handled & { readonly leaseMs: number })[]
  readonly limit: number
}

export interface TakenCleanup {
  readonly tenantId: string
  readonly id: string
  readonly ownerId: string
  readonly type: string
  readonly typeVersion: number
  readonly input: Json
  readonly runId: string
  /** Counts from 1. */
  readonly run: number
  readonly requestedBy: string
  readonly reason: string | null
  /** The results of the steps that had finished; without one: the step returned undefined. */
  readonly steps: readonly { readonly key: string; readonly result?: Json }[]
}

/** Take clean-ups that are due, at most `limit`. One that nobody ends in time is due again. */
export function takeCleanups({ handled, limit }: TakeCleanups): Query<TakenCleanup> {
  return sql`
    with due as materialized (
      select cleanup.tenant_id, cleanup.job_id, handled.lease_ms
      from unnest(
        ${handled.map(({ type }) => type)}::text[], ${handled.map(({ version }) => version)}::integer[],
        ${handled.map(({ leaseMs }) => leaseMs)}::float8[]
      ) as handled(type, version, lease_ms)
      join longhaul.cleanups as cleanup
        on cleanup.type = handled.type and cleanup.type_version = handled.version
      join longhaul.jobs as job on job.tenant_id = cleanup.tenant_id and job.id = cleanup.job_id
      where cleanup.due_at <= now() and job.status = 'cancelled'
      order by cleanup.due_at
      limit ${limit}
      for no key update of job skip locked
      for update of cleanup skip locked
    ),
    taken as (
      update longhaul.cleanups as cleanup
      set run_id = gen_random_uuid(),
          runs = cleanup.runs + 1,
          due_at = now() + due.lease_ms * interval '1 ms'
      from due
      where cleanup.tenant_id = due.tenant_id and cleanup.job_id = due.job_id
      returning cleanup.*
    )
    select job.tenant_id, job.id, job.owner_id, job.type, job.type_version, job.input,
           taken.run_id, taken.runs as run, coalesce(request.requested_by, job.owner_id) as requested_by,
           request.reason, coalesce(finished.steps, '[]') as steps
    from taken
    join longhaul.jobs as job on job.tenant_id = taken.tenant_id and job.id = taken.job_id
    left join lateral (
      select requested_by, reason
      from longhaul.cancellations as cancellation
      where cancellation.tenant_id = job.tenant_id and cancellation.job_id = job.id
      order by requested_at desc
      limit 1
    ) as request on true
    cross join lateral (
      select jsonb_agg(
               jsonb_build_object('key', key)
               || case when result is null then '{}' else jsonb_build_object('result', result) end
               order by position
             ) as steps
      from longhaul.steps as step
      where step.tenant_id = job.tenant_id and step.job_id = job.id
        and step.kind = 'step' and step.status = 'completed'
    ) as finished`
}
