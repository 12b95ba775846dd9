import type { Visibility } from '../../../core/index.js'
import { type Query, sql } from '../../sql.js'
import type { SealedSecret } from '../secrets/secrets.js'
import { changedColumns, madeReady } from './consequences.js'

/** One row to insert. JSON values are text that `encodeJson` made. Fields that are absent take the column's default. */
export interface NewJob {
  readonly tenantId: string
  readonly id: string
  readonly ownerId: string
  readonly visibility: Visibility
  readonly type: string
  readonly typeVersion: number
  readonly queue: string
  /** Where the queue has limits per key: the job's, or '' for none. */
  readonly laneKey?: string
  readonly priority: number
  /** RFC 3339, or how long from now on the database's clock. */
  readonly runAt?: string
  readonly delayMs: number
  readonly input: string
  readonly metadata?: string
  readonly tags: readonly string[]
  /** Of the input, as `fieldEntries` makes them. Absent: the type has none to filter by. */
  readonly inputFields?: readonly string[]
  readonly attempts: number
  readonly cancelGraceMs: number
  readonly expiresAfterMs: number
  /** Absent: as long as a completed one. */
  readonly failedExpiresAfterMs?: number
  readonly cancelledExpiresAfterMs?: number
  /** From when it is due: how long until it has to have started, and to have settled. */
  readonly startWithinMs?: number
  readonly deadlineMs?: number
  /** Its type has an onCancel. */
  readonly cleansUp?: boolean
  readonly idempotencyKey?: string
  readonly fingerprint?: string
  /** The job that spawned it, or the batch whose item it is. */
  readonly parentId?: string
  readonly isItem?: boolean
  /** Of a batch: how many items are inserted with it. It waits for them. */
  readonly itemCount?: number
  /** Sealed for this job's id. */
  readonly secrets?: readonly SealedSecret[]
}

export interface InsertedJob {
  readonly tenantId: string
  readonly id: string
  readonly runAt: string
  readonly deadlineAt: string | null
  readonly createdAt: string
  /** False when the job's time has not come. */
  readonly ready: boolean
  readonly epoch: string | null
}

/**
 * Insert jobs, in the order of their keys, and return those that were not there. A row that
 * another transaction is just inserting makes the statement wait, at most `lockTimeoutMs`; then it
 * fails with 55P03 and nothing is inserted. Inside a caller's transaction give none: it would stay
 * set for the statements that follow.
 */
export function insertJobs(jobs: readonly NewJob[], lockTimeoutMs?: number): Query<InsertedJob> {
  const patience =
    lockTimeoutMs === undefined
      ? sql`select null`
      : sql`select set_config('lock_timeout', ${String(lockTimeoutMs)}, true)`
  return sql`
    with patience as materialized (${patience}),
    input as materialized (
      select input.*, coalesce(run_at, now() + delay_ms * interval '1 ms') as due_at,
             coalesce(item_count > 0, false) as waits
      from patience, json_to_recordset(${asJson(jobs)}) as input(
        tenant_id text, id uuid, owner_id text, visibility text, type text, type_version integer,
        queue text, lane_key text, priority integer, run_at timestamptz,
        delay_ms float8, input jsonb, metadata jsonb, tags text[], input_fields text[], attempts integer,
        cancel_grace_ms float8, expires_after_ms float8, failed_expires_after_ms float8,
        cancelled_expires_after_ms float8, idempotency_key text, fingerprint text,
        parent_id uuid, start_within_ms float8, deadline_ms float8, cleans_up boolean,
        secret_names text[], secrets json, is_item boolean, item_count integer
      )
    ),
    changed as (
      insert into longhaul.jobs as job (
        tenant_id, id, owner_id, visibility, type, type_version, queue, lane_key, status, stage, priority,
        run_at, promote_at, input, metadata, tags, input_fields, max_attempts, attempts_per_retry,
        cancel_grace, expires_after, failed_expires_after, cancelled_expires_after, idempotency_key, fingerprint, parent_id,
        start_within, start_by, deadline, deadline_at, cleans_up, secret_names,
        is_item, item_count
      )
      select
        tenant_id, id, owner_id, visibility, type, type_version, queue, lane_key,
        case when waits then 'waiting' else 'queued' end, case when waits then '0/' || item_count end, priority,
        -- Compared before it is rounded to the milliseconds of its column: rounded up, now is not yet.
        due_at, case when waits then 'infinity' when due_at > now() then due_at end,
        -- json_to_recordset makes SQL's null of JSON's.
        coalesce(input, 'null'), metadata, tags, input_fields, attempts, attempts,
        cancel_grace_ms * interval '1 ms', expires_after_ms * interval '1 ms',
        failed_expires_after_ms * interval '1 ms', cancelled_expires_after_ms * interval '1 ms', idempotency_key, fingerprint,
        parent_id,
        start_within_ms * interval '1 ms',
        case when not waits then due_at + start_within_ms * interval '1 ms' end,
        deadline_ms * interval '1 ms', due_at + deadline_ms * interval '1 ms', coalesce(cleans_up, false),
        secret_names, is_item, item_count
      from input
      order by tenant_id, id
      on conflict do nothing
      returning ${changedColumns}, job.created_at, job.deadline_at
    ),
    ${jobs.some(({ secrets }) => secrets !== undefined) ? secretsStored : nothingMore}
    ${madeReady}
    select tenant_id, id, run_at, deadline_at, created_at, promote_at is null as ready, (select longhaul.epoch()) as epoch
    from changed`
}

const nothingMore: Query<never> = sql``
/** Of two requests in one batch with the same id, the first is the one that was inserted. */
const secretsStored: Query<never> = sql`
    secrets_stored as (
      insert into longhaul.secrets (tenant_id, job_id, name, key_id, sealed)
      select input.tenant_id, input.id, secret.name, secret.key_id, secret.sealed
      from input, json_to_recordset(input.secrets) as secret(name text, key_id text, sealed text)
      where input.secrets is not null and (input.tenant_id, input.id) in (select tenant_id, id from changed)
      on conflict do nothing
    ),`

function asJson(jobs: readonly NewJob[]): string {
  return `[${jobs.map(rowOf).join(',')}]`
}

/** Input and metadata are JSON already: they are put in as they are, and not encoded twice. */
function rowOf(job: NewJob): string {
  const row = JSON.stringify({
    tenant_id: job.tenantId,
    id: job.id,
    owner_id: job.ownerId,
    visibility: job.visibility,
    type: job.type,
    type_version: job.typeVersion,
    queue: job.queue,
    lane_key: job.laneKey,
    priority: job.priority,
    run_at: job.runAt,
    delay_ms: job.delayMs,
    tags: job.tags,
    input_fields: job.inputFields,
    attempts: job.attempts,
    cancel_grace_ms: job.cancelGraceMs,
    expires_after_ms: job.expiresAfterMs,
    failed_expires_after_ms: job.failedExpiresAfterMs,
    cancelled_expires_after_ms: job.cancelledExpiresAfterMs,
    idempotency_key: job.idempotencyKey,
    fingerprint: job.fingerprint,
    parent_id: job.parentId,
    start_within_ms: job.startWithinMs,
    deadline_ms: job.deadlineMs,
    cleans_up: job.cleansUp,
    is_item: job.isItem,
    item_count: job.itemCount,
    secret_names: job.secrets?.map(({ name }) => name),
    secrets: job.secrets?.map(({ name, keyId, sealed }) => ({ name, key_id: keyId, sealed })),
  })
  const metadata = job.metadata === undefined ? '' : `,"metadata":${job.metadata}`
  return `${row.slice(0, -1)},"input":${job.input}${metadata}}`
}
