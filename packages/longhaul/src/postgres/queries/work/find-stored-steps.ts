import type { JobError, JobStatus, Json, StepKind } from '../../../core/index.js'
import { type Query, sql } from '../../sql.js'
import type { JobKey } from '../jobs/find-jobs.js'

export interface StoredStep {
  readonly tenantId: string
  readonly jobId: string
  readonly key: string
  readonly position: number
  readonly kind: StepKind
  readonly status: 'running' | 'completed' | 'failed'
  readonly runs: number
  readonly result: Json
  /** False: the step returned undefined. */
  readonly hasResult: boolean
  /** Why it failed. */
  readonly error: JobError | null
  /** Until a sleep or a wait ends, in milliseconds; null when it has no end. */
  readonly wakesInMs: number | null
  /** The job that a step of kind `child` waits for; null for other steps. */
  readonly childId: string | null
  /** While the step waits; null also when the child was deleted. */
  readonly childStatus: JobStatus | null
  readonly childResult: Json
  readonly childError: JobError | null
}

/** What earlier attempts of these jobs have stored. */
export function findStoredSteps(jobs: readonly JobKey[]): Query<StoredStep> {
  return sql`
    select step.tenant_id, step.job_id, step.key, step.position, step.status, step.runs, step.result,
           step.kind, step.result is not null as has_result, step.error,
           (extract(epoch from step.wakes_at - now()) * 1000)::float8 as wakes_in_ms,
           step.child_id, child.status as child_status, child.result as child_result, child.error as child_error
    from unnest(
      ${jobs.map(({ tenantId }) => tenantId)}::text[], ${jobs.map(({ id }) => id)}::uuid[]
    ) as wanted(tenant_id, job_id)
    join longhaul.steps as step
      on step.tenant_id = wanted.tenant_id and step.job_id = wanted.job_id
    left join longhaul.jobs as child
      on step.status = 'running' and child.tenant_id = step.tenant_id and child.id = step.child_id`
}

/** A signal that no step has received. */
export interface WaitingSignal {
  readonly tenantId: string
  readonly jobId: string
  readonly id: string
  readonly name: string
  readonly payload: Json
}

/** What was sent to these jobs and not received, in the order in which it came. */
export function findWaitingSignals(jobs: readonly JobKey[]): Query<WaitingSignal> {
  return sql`
    select signal.tenant_id, signal.job_id, signal.id, signal.name, signal.payload
    from unnest(
      ${jobs.map(({ tenantId }) => tenantId)}::text[], ${jobs.map(({ id }) => id)}::uuid[]
    ) as wanted(tenant_id, job_id)
    join longhaul.signals as signal
      on signal.tenant_id = wanted.tenant_id and signal.job_id = wanted.job_id
    where signal.received_at is null
    order by signal.sent_at, signal.id`
}
