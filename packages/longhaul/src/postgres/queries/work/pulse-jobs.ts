import type { StepKind } from '../../../core/index.js'
import { type Query, sql } from '../../sql.js'

/** What a worker knows of one of its jobs: who has it, and by which claim. */
export interface HeldJob {
  readonly tenantId: string
  readonly id: string
  readonly fence: number
}

/**
 * The name of a claim, to find answers by: an attempt that was left behind can still write when the
 * same worker has the next one, and both come in one statement.
 */
export function claimOf(held: {
  readonly [Field in keyof HeldJob]: HeldJob[Field] | null
}): string {
  return `${held.tenantId} ${held.id} ${held.fence}`
}

/** The latest progress of a job, and what its steps came to since the last pulse. */
export interface JobPulse extends HeldJob {
  /** 0 to 100; absent when it did not change. */
  readonly progress?: number
  readonly stage?: string
  readonly steps: readonly StepPulse[]
}

export interface StepPulse {
  readonly key: string
  /** @defaultValue 'step' */
  readonly kind?: StepKind
  /** Until a sleep or a wait ends. */
  readonly wakesInMs?: number
  /** What a wait waits for. */
  readonly signalName?: string
  /** The signal that the step receives, or drops: no other step gets it. */
  readonly receives?: string
  /** The job that it waits for, and the first key of those that were spawned with it. */
  readonly child?: { readonly id: string; readonly group: string }
  readonly position: number
  readonly status: 'running' | 'completed' | 'failed'
  readonly runs: number
  readonly attempt: number
  /** JSON text; absent when the step returned undefined. */
  readonly result?: string | undefined
  /** JSON text. */
  readonly error?: string | undefined
  /** How long ago the run began and, if it did, ended: the database's clock makes times of them. */
  readonly startedMsAgo: number
  readonly finishedMsAgo?: number
}

/**
 * Whether this says of its step what had been by the time of that: one that was passed over is sent again,
 * and can come after what was said later.
 */
export function isOlder(step: StepPulse, than: StepPulse): boolean {
  if (step.runs !== than.runs) return step.runs < than.runs
  return step.status === 'running' && than.status !== 'running'
}

export interface PulseRow {
  readonly tenantId: string
  readonly id: string
  /** Of the pulse: two attempts of one job can be in one statement. */
  readonly fence: number
  /** False: the claim is no longer this worker's, and nothing was written. */
  readonly held: boolean
  readonly cancelRequested: boolean
}

/**
 * Write the progress and steps of many jobs. Each job's row is locked first; one that somebody else
 * has locked is passed over and comes back with no row, to be sent again. A completed step is never
 * overwritten, and no other by what is older (`isOlder`), so the same pulse can be sent twice, and late.
 */
export function pulseJobs(pulses: readonly JobPulse[]): Query<PulseRow> {
  return pulse(pulses, sql`skip locked`)
}

/**
 * Store a step as the last statement of a transaction of the app's own. It waits for whoever has the
 * job's row locked: then its row says whose the job is now, and it stays so until the commit.
 */
export function storeStep(job: HeldJob, step: StepPulse): Query<PulseRow> {
  return pulse([{ ...job, steps: [step] }], sql``)
}

function pulse(pulses: readonly JobPulse[], ifLocked: Query<never>): Query<PulseRow> {
  return sql`
    with input as materialized (
      select * from json_to_recordset(${`[${pulses.map(rowOf).join(',')}]`}) as input(
        tenant_id text, id uuid, fence integer, progress smallint, stage text, steps json
      )
    ),
    locked as materialized (
      select job.tenant_id, job.id, input.fence,
             job.fence = input.fence and job.status = 'running' as held,
             job.cancel_requested_at is not null as cancel_requested,
             input.progress, input.stage, input.steps
      from input
      join longhaul.jobs as job on job.tenant_id = input.tenant_id and job.id = input.id
      order by job.tenant_id, job.id
      for no key update of job ${ifLocked}
    ),
    step as materialized (
      select locked.tenant_id, locked.id as job_id, step.*
      from locked
      cross join json_to_recordset(locked.steps) as step(
        key text, position integer, status text, runs integer, attempt integer, has_result boolean,
        result jsonb, error jsonb, started_ms_ago float8, finished_ms_ago float8, kind text,
        wakes_in_ms float8, signal_name text, receives uuid, child_id uuid, child_group text
      )
      where locked.held
    ),
    received as (
      update longhaul.signals as signal
      set received_at = now()
      from step
      where signal.tenant_id = step.tenant_id and signal.id = step.receives
    ),
    stored as (
      insert into longhaul.steps as stored (
        tenant_id, job_id, key, position, status, runs, attempt, result, error, started_at, finished_at,
        kind, wakes_at, signal_name, child_id, child_group
      )
      select step.tenant_id, step.job_id, step.key, step.position, step.status, step.runs, step.attempt,
             -- json_to_recordset makes SQL's null of JSON's.
             case when step.has_result then coalesce(step.result, 'null') end, step.error,
             now() - step.started_ms_ago * interval '1 ms', now() - step.finished_ms_ago * interval '1 ms',
             step.kind, now() + step.wakes_in_ms * interval '1 ms', step.signal_name, step.child_id, step.child_group
      from step
      on conflict (tenant_id, job_id, key) do update
      set status = excluded.status, runs = excluded.runs, attempt = excluded.attempt,
          result = excluded.result, error = excluded.error, finished_at = excluded.finished_at
      where stored.status <> 'completed'
        and (excluded.runs, excluded.status <> 'running') >= (stored.runs, stored.status <> 'running')
    ),
    updated as (
      update longhaul.jobs as job
      set version = job.version + 1,
          progress = greatest(job.progress, coalesce(locked.progress, 0)),
          stage = coalesce(locked.stage, job.stage)
      from locked
      where locked.held and job.tenant_id = locked.tenant_id and job.id = locked.id
    )
    select tenant_id, id, fence, held, cancel_requested from locked`
}

/** The steps are inside the row of their job: a join with it would compare every step with every job. */
function rowOf({ tenantId, id, fence, progress, stage, steps }: JobPulse): string {
  const row = JSON.stringify({ tenant_id: tenantId, id, fence, progress, stage })
  return `${row.slice(0, -1)},"steps":[${steps.map(stepRow).join(',')}]}`
}

/** Results and errors are JSON already, and are put in as they are. */
function stepRow(step: StepPulse): string {
  const row = JSON.stringify({
    key: step.key,
    position: step.position,
    status: step.status,
    runs: step.runs,
    attempt: step.attempt,
    started_ms_ago: step.startedMsAgo,
    finished_ms_ago: step.finishedMsAgo,
    kind: step.kind ?? 'step',
    wakes_in_ms: step.wakesInMs,
    signal_name: step.signalName,
    receives: step.receives,
    child_id: step.child?.id,
    child_group: step.child?.group,
    has_result: step.result !== undefined,
  })
  const result = step.result === undefined ? '' : `,"result":${step.result}`
  const error = step.error === undefined ? '' : `,"error":${step.error}`
  return `${row.slice(0, -1)}${result}${error}}`
}

/** Which of these jobs are there at all: tells a row that is locked from one that is gone. */
export function findPresent(jobs: readonly HeldJob[]): Query<{ tenantId: string; id: string }> {
  return sql`
    select job.tenant_id, job.id
    from unnest(
      ${jobs.map(({ tenantId }) => tenantId)}::text[], ${jobs.map(({ id }) => id)}::uuid[]
    ) as wanted(tenant_id, id)
    join longhaul.jobs as job on job.tenant_id = wanted.tenant_id and job.id = wanted.id`
}
