import { type Query, sql } from '../../sql.js'
import { changedColumns, madeReady } from './consequences.js'
import { commonParts, furtherParts, noParts } from './insert-parts.js'
import { epochNow } from '../../epoch.js'
import { encodeJobs, isPlain, type NewJob } from './new-job.js'

export interface InsertedJob {
  readonly runAt: string
  readonly deadlineAt: string | null
  readonly createdAt: string
}

/** A job that was inserted. When all were, due at once and without a deadline, one row without an id says how many. */
export interface InsertedRow {
  /** How many were not there. */
  readonly inserted: number
  readonly createdAt: string
  readonly epoch: string | null
  readonly tenantId?: string | null
  readonly id?: string | null
  readonly runAt?: string | null
  readonly deadlineAt?: string | null
}

/** What was made of each of these, in their order; `undefined` for one that was there, or came before in the list. */
export function readInserted(
  jobs: readonly NewJob[],
  rows: readonly InsertedRow[],
): (InsertedJob | undefined)[] {
  const { inserted, createdAt, id } = rows[0]!
  if (typeof id !== 'string') {
    const plain = { runAt: createdAt, deadlineAt: null, createdAt }
    return jobs.map(() => (inserted === jobs.length ? plain : undefined))
  }
  const made = new Map(rows.map((row) => [keyOf(row), row]))
  return jobs.map((job) => {
    const row = made.get(keyOf(job))
    made.delete(keyOf(job))
    return row && { runAt: row.runAt!, deadlineAt: row.deadlineAt!, createdAt }
  })
}

function keyOf({ tenantId, id }: Pick<InsertedRow, 'tenantId' | 'id'>): string {
  return `${tenantId} ${id}`
}

/**
 * Insert those of these jobs that are not there. A row that another transaction is just inserting
 * makes the statement wait, at most `lockTimeoutMs`; then it fails with 55P03 and nothing is inserted.
 * Inside a caller's transaction give none: it would stay set for the statements that follow.
 */
export function insertJobs(jobs: readonly NewJob[], lockTimeoutMs?: number): Query<InsertedRow> {
  // In the order of their keys: two statements with the same jobs do not wait for each other.
  return insertion(jobs.toSorted(byKey), { areNew: false, lockTimeoutMs })
}

/**
 * Insert jobs that cannot be there: their ids have just been made, and they have no key. If one is
 * there after all, the statement fails with 23505.
 */
export function insertNewJobs(jobs: readonly NewJob[]): Query<InsertedRow> {
  return insertion(jobs, { areNew: true })
}

interface Insertion {
  readonly areNew: boolean
  readonly lockTimeoutMs?: number | undefined
}

/** What none of the jobs needs is not in the statement (docs/adr/0023): most are new, and plain. */
function insertion(
  jobs: readonly NewJob[],
  { areNew, lockTimeoutMs }: Insertion,
): Query<InsertedRow> {
  const arePlain = jobs.every(isPlain)
  const common = commonParts
  const further = arePlain ? noParts : furtherParts
  const isPatient = lockTimeoutMs !== undefined
  return sql`
    with ${isPatient ? patience(lockTimeoutMs) : nothing}
    input as (
      select ${common.read}${further.read}
      from ${isPatient ? sql`patience,` : nothing}
        json_to_recordset(${encodeJobs(jobs, { arePlain })}) as kind(${common.ofKind}${further.ofKind}, jobs json),
        json_to_recordset(kind.jobs) as job(${common.ofJob}${further.ofJob})
    ),
    changed as (
      insert into longhaul.jobs as job (${common.columns}${further.columns})
      select ${common.values}${further.values}
      from input
      ${areNew ? nothing : sql`on conflict do nothing`}
      returning ${changedColumns}, job.created_at, job.deadline_at
    ),
    ${jobs.some(({ secrets }) => secrets !== undefined) ? secretsStored : nothing}
    ${madeReady}
    ${areNew && arePlain ? allAreMade : whatWasMade(jobs.length)}`
}

function byKey(one: NewJob, other: NewJob): number {
  if (one.tenantId !== other.tenantId) return one.tenantId < other.tenantId ? -1 : 1
  if (one.id === other.id) return 0
  return one.id < other.id ? -1 : 1
}

function patience(lockTimeoutMs: number): Query<never> {
  return sql`
    patience as materialized (select set_config('lock_timeout', ${String(lockTimeoutMs)}, true)),`
}

/** Of two requests in one batch with the same id, the first is the one that was inserted. */
const secretsStored: Query<never> = sql`
    secrets_stored as (
      insert into longhaul.secrets (tenant_id, job_id, name, key_id, sealed)
      select input.tenant_id, input.id, secret.name, secret.key_id, secret.sealed
      from input, json_to_recordset(input.secrets) as secret(name text, key_id text, sealed text)
      where input.secrets is not null and (input.tenant_id, input.id) in (select tenant_id, id from changed)
      on conflict do nothing
    ),`

const allAreMade: Query<never> = sql`
    select count(*)::integer as inserted, now()::timestamptz(3) as created_at, ${epochNow} as epoch
    from changed`

function whatWasMade(most: number): Query<never> {
  return sql`
    select made.count as inserted, now()::timestamptz(3) as created_at, ${epochNow} as epoch, job.*
    from (
      select count(*)::integer as count,
             bool_and(promote_at is null and deadline_at is null and run_at = created_at) as plain
      from changed
    ) as made
    left join (select tenant_id, id, run_at, deadline_at from changed) as job
      on made.count < ${most}::integer or not made.plain`
}

const nothing: Query<never> = sql``
