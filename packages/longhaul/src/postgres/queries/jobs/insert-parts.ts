import { type Query, sql } from '../../sql.js'

/** Of the statement of `insertJobs`. Each begins with a comma where it follows on another's. */
interface Parts {
  /** Given once for all jobs of a kind, and for each job: definitions of what `encodeJobs` writes. */
  readonly ofKind: Query<never>
  readonly ofJob: Query<never>
  /** What is read of both. */
  readonly read: Query<never>
  /** Columns of `longhaul.jobs`, and what is written to each. */
  readonly columns: Query<never>
  readonly values: Query<never>
}

/** What every job has; `isPlain` says of which this is all. Names are checked here, once for each kind. */
export const commonParts: Parts = {
  ofKind: sql`
    tenant_id text, owner_id text, visibility text, type longhaul.name, type_version integer,
    queue longhaul.name, priority integer, attempts integer, cancel_grace_ms float8, expires_after_ms float8`,
  ofJob: sql`id uuid, input jsonb`,
  read: sql`
    tenant_id, owner_id, visibility, type, type_version, queue, priority, attempts, cancel_grace_ms,
    expires_after_ms, id, input`,
  columns: sql`
    tenant_id, id, owner_id, visibility, type, type_version, queue, priority, input, max_attempts,
    attempts_per_retry, cancel_grace, expires_after`,
  // json_to_recordset makes SQL's null of JSON's.
  values: sql`
    tenant_id, id, owner_id, visibility, type, type_version, queue, priority, coalesce(input, 'null'), attempts,
    attempts, cancel_grace_ms * interval '1 ms', expires_after_ms * interval '1 ms'`,
}

/** What a job can have beside that. */
export const furtherParts: Parts = {
  ofKind: sql`,
    delay_ms float8, failed_expires_after_ms float8, cancelled_expires_after_ms float8,
    start_within_ms float8, deadline_ms float8, cleans_up boolean, parent_id uuid, is_item boolean`,
  ofJob: sql`,
    lane_key text, run_at timestamptz, metadata jsonb, tags text[], input_fields text[], idempotency_key text,
    fingerprint text, secret_names text[], secrets json, item_count integer`,
  read: sql`,
    coalesce(run_at, now() + delay_ms * interval '1 ms') as due_at, coalesce(item_count > 0, false) as waits,
    failed_expires_after_ms, cancelled_expires_after_ms, start_within_ms, deadline_ms, cleans_up, parent_id,
    is_item, lane_key, metadata, tags, input_fields, idempotency_key, fingerprint, secret_names, secrets,
    item_count`,
  columns: sql`,
    lane_key, status, stage, run_at, promote_at, metadata, tags, input_fields, failed_expires_after,
    cancelled_expires_after, idempotency_key, fingerprint, parent_id, start_within, start_by, deadline,
    deadline_at, cleans_up, secret_names, is_item, item_count`,
  values: sql`,
    lane_key, case when waits then 'waiting' else 'queued' end, case when waits then '0/' || item_count end,
    -- Compared before it is rounded to the milliseconds of its column: rounded up, now is not yet.
    due_at, case when waits then 'infinity' when due_at > now() then due_at end,
    metadata, coalesce(tags, '{}'), input_fields, failed_expires_after_ms * interval '1 ms',
    cancelled_expires_after_ms * interval '1 ms', idempotency_key, fingerprint, parent_id,
    start_within_ms * interval '1 ms', case when not waits then due_at + start_within_ms * interval '1 ms' end,
    deadline_ms * interval '1 ms', due_at + deadline_ms * interval '1 ms', coalesce(cleans_up, false),
    secret_names, is_item, item_count`,
}

const nothing: Query<never> = sql``
export const noParts: Parts = {
  ofKind: nothing,
  ofJob: nothing,
  read: nothing,
  columns: nothing,
  values: nothing,
}
