import { type Query, sql } from '../../sql.js'
import { changedColumns, madeReady } from './consequences.js'
import { encodeJobs, type NewJob } from './new-job.js'

export interface InsertedJob {
  readonly runAt: string
  readonly deadlineAt: string | null
  readonly createdAt: string
}

/** A job that was inserted. When all were, due at once and without a deadline, one row says how many. */
export interface InsertedRow {
  /** How many were not there. */
  readonly inserted: number
  readonly createdAt: string
  readonly epoch: string | null
  readonly tenantId: string | null
  readonly id: string | null
  readonly runAt: string | null
  readonly deadlineAt: string | null
}

/** What was made of each of these, in their order; `undefined` for one that was there, or came before in the list. */
export function readInserted(
  jobs: readonly NewJob[],
  rows: readonly InsertedRow[],
): (InsertedJob | undefined)[] {
  const { inserted, createdAt, id } = rows[0]!
  if (id === null) {
    const plain = { runAt: createdAt, deadlineAt: null, createdAt }
    return jobs.map(() => (inserted === jobs.length ? plain : undefined))
  }
  const made = new Map(rows.map((row) => [keyOf(row), row]))
  return jobs.map((job) => {
    const row = made.get(keyOf(job))
    made.delete(keyOf(job))
    return row && { runAt: row.runAt!, deadlineAt: row.deadlineAt, createdAt }
  })
}

function keyOf({ tenantId, id }: NewJob | InsertedRow): string {
  return `${tenantId} ${id}`
}

/**
 * Insert those of these jobs that are not there, in the order of their keys. A row that
 * another transaction is just inserting makes the statement wait, at most `lockTimeoutMs`; then it
 * fails with 55P03 and nothing is inserted. Inside a caller's transaction give none: it would stay
 * set for the statements that follow.
 */
export function insertJobs(jobs: readonly NewJob[], lockTimeoutMs?: number): Query<InsertedRow> {
  const patience =
    lockTimeoutMs === undefined
      ? sql`select null`
      : sql`select set_config('lock_timeout', ${String(lockTimeoutMs)}, true)`
  return sql`
    with patience as materialized (${patience}),
    input as materialized (
      select kind.tenant_id, kind.owner_id, kind.visibility, kind.type, kind.type_version, kind.queue, kind.priority,
             kind.attempts, kind.cancel_grace_ms, kind.expires_after_ms, kind.failed_expires_after_ms,
             kind.cancelled_expires_after_ms, kind.start_within_ms, kind.deadline_ms, kind.cleans_up,
             kind.parent_id, kind.is_item, job.*,
             coalesce(job.run_at, now() + kind.delay_ms * interval '1 ms') as due_at,
             coalesce(job.item_count > 0, false) as waits
      from patience, json_to_recordset(${encodeJobs(jobs)}) as kind(
        tenant_id text, owner_id text, visibility text, type text, type_version integer, queue text,
        priority integer, delay_ms float8, attempts integer, cancel_grace_ms float8, expires_after_ms float8,
        failed_expires_after_ms float8, cancelled_expires_after_ms float8, start_within_ms float8,
        deadline_ms float8, cleans_up boolean, parent_id uuid, is_item boolean, jobs json
      ),
      json_to_recordset(kind.jobs) as job(
        id uuid, lane_key text, run_at timestamptz, input jsonb, metadata jsonb, tags text[],
        input_fields text[], idempotency_key text, fingerprint text, secret_names text[], secrets json,
        item_count integer
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
        coalesce(input, 'null'), metadata, coalesce(tags, '{}'), input_fields, attempts, attempts,
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
    select made.count as inserted, now()::timestamptz(3) as created_at, (select longhaul.epoch()) as epoch, job.*
    from (
      select count(*)::integer as count,
             bool_and(promote_at is null and deadline_at is null and run_at = created_at) as plain
      from changed
    ) as made
    left join (select tenant_id, id, run_at, deadline_at from changed) as job
      on made.count < ${jobs.length}::integer or not made.plain`
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
