import { type JobStatus, type Principal, statusesAllowing } from '../../../core/index.js'
import { type Query, sql } from '../../sql.js'
import { changedColumns, madeReady } from './consequences.js'
import { visibleTo } from './job-columns.js'

export interface SendSignal {
  readonly principal: Principal
  readonly id: string
  readonly name: string
  /** JSON text. */
  readonly payload: string
  readonly idempotencyKey: string | undefined
  /** How many signals may wait to be received. */
  readonly most: number
}

export interface SignalledRow {
  readonly tenantId: string
  readonly status: JobStatus
  /** Whether the job can take signals at all: it has not settled. */
  readonly open: boolean
  /** Too many wait already, so this one was not stored. */
  readonly full: boolean
  /**
   * The queue in which the job can be claimed now: it waited for this, or it was ready before, and
   * a claim passed it over while it was locked here.
   */
  readonly readyIn: string | null
}

/**
 * Send a signal to a job that has not settled. One that waits for it becomes ready; one that is
 * queued or runs is told by `woken` not to sleep through it. No row: no such job. Lock the job
 * first (lockJob): only then is it certain what it waits for.
 */
export function sendSignal(signal: SendSignal): Query<SignalledRow> {
  const { principal, id, name, payload, idempotencyKey, most } = signal
  return sql`
    with target as materialized (
      select job.*,
             job.status = any(${statusesAllowing('cancel')}) as open,
             (
               select count(*) >= ${most} from longhaul.signals as waiting
               where waiting.tenant_id = job.tenant_id and waiting.job_id = job.id
                 and waiting.received_at is null
             ) and not exists (
               select from longhaul.signals as same
               where same.tenant_id = job.tenant_id and same.job_id = job.id
                 and same.idempotency_key = ${idempotencyKey ?? null}
             ) as full,
             job.status = 'waiting' and exists (
               select from longhaul.steps as step
               where step.tenant_id = job.tenant_id and step.job_id = job.id
                 and step.status = 'running' and step.signal_name = ${name}
             ) as waits_for_it
      from longhaul.jobs as job
      where ${visibleTo(principal)} and job.id = ${id}
    ),
    sent as (
      insert into longhaul.signals (tenant_id, job_id, name, payload, sent_by, idempotency_key)
      select tenant_id, id, ${name}, ${payload}::jsonb, ${principal.userId}, ${idempotencyKey ?? null}
      from target
      where open and not target.full
      on conflict do nothing
      returning job_id
    ),
    told as (
      update longhaul.jobs as job
      set woken = true
      from target, sent
      where job.tenant_id = target.tenant_id and job.id = target.id
        and target.status in ('queued', 'running')
    ),
    changed as (
      update longhaul.jobs as job
      set promote_at = null
      from target, sent
      where job.tenant_id = target.tenant_id and job.id = target.id
        and target.waits_for_it and target.promote_at is not null
      returning ${changedColumns}
    ),
    ${madeReady}
    select target.tenant_id, target.status, target.open, target.full,
           case
             when target.status in ('queued', 'waiting')
               and (target.promote_at is null or exists (select from changed))
             then target.queue
           end as ready_in
    from target`
}
