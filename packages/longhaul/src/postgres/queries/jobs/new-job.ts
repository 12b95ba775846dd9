import type { Visibility } from '../../../core/index.js'
import type { SealedSecret } from '../secrets/secrets.js'

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

/** Beside a delay and tags, what a job has that is not plain. */
const furtherFields = [
  'failedExpiresAfterMs',
  'cancelledExpiresAfterMs',
  'startWithinMs',
  'deadlineMs',
  'cleansUp',
  'parentId',
  'isItem',
  'laneKey',
  'runAt',
  'metadata',
  'inputFields',
  'idempotencyKey',
  'fingerprint',
  'itemCount',
  'secrets',
] as const satisfies readonly (keyof NewJob)[]

/** Has only what every job has. */
export function isPlain(job: NewJob): boolean {
  return (
    job.delayMs === 0 &&
    job.tags.length === 0 &&
    furtherFields.every((field) => job[field] === undefined)
  )
}

/** As the parameter of `insertJobs`: what neighbours have in common is there once for all of them. */
export function encodeJobs(jobs: readonly NewJob[], { arePlain }: { arePlain: boolean }): string {
  const rowOf = arePlain ? plainRowOf : fullRowOf
  const kinds: { readonly first: NewJob; readonly rows: string[] }[] = []
  for (const job of jobs) {
    const last = kinds.at(-1)
    if (last !== undefined && areOfOneKind(last.first, job)) last.rows.push(rowOf(job))
    else kinds.push({ first: job, rows: [rowOf(job)] })
  }
  return `[${kinds.map(({ first, rows }) => `${open(kindOf(first))},"jobs":[${rows.join(',')}]}`).join(',')}]`
}

/** Of the request's type and of its caller, or the same for nearly all requests. */
const shared = {
  tenant_id: 'tenantId',
  owner_id: 'ownerId',
  visibility: 'visibility',
  type: 'type',
  type_version: 'typeVersion',
  queue: 'queue',
  priority: 'priority',
  delay_ms: 'delayMs',
  attempts: 'attempts',
  cancel_grace_ms: 'cancelGraceMs',
  expires_after_ms: 'expiresAfterMs',
  failed_expires_after_ms: 'failedExpiresAfterMs',
  cancelled_expires_after_ms: 'cancelledExpiresAfterMs',
  start_within_ms: 'startWithinMs',
  deadline_ms: 'deadlineMs',
  cleans_up: 'cleansUp',
  parent_id: 'parentId',
  is_item: 'isItem',
} as const satisfies Record<string, keyof NewJob>
const sharedColumns = Object.entries(shared)

function areOfOneKind(one: NewJob, other: NewJob): boolean {
  return sharedColumns.every(([, field]) => one[field] === other[field])
}

function kindOf(job: NewJob): Record<string, unknown> {
  return Object.fromEntries(sharedColumns.map(([column, field]) => [column, job[field]]))
}

/** Input and metadata are JSON already: they are put in as they are, and not encoded twice. */
function plainRowOf({ id, input }: NewJob): string {
  return `{"id":"${id}","input":${input}}`
}

function fullRowOf(job: NewJob): string {
  const row = {
    id: job.id,
    lane_key: job.laneKey,
    run_at: job.runAt,
    tags: job.tags.length === 0 ? undefined : job.tags,
    input_fields: job.inputFields,
    idempotency_key: job.idempotencyKey,
    fingerprint: job.fingerprint,
    item_count: job.itemCount,
    secret_names: job.secrets?.map(({ name }) => name),
    secrets: job.secrets?.map(({ name, keyId, sealed }) => ({ name, key_id: keyId, sealed })),
  }
  const metadata = job.metadata === undefined ? '' : `,"metadata":${job.metadata}`
  return `${open(row)},"input":${job.input}${metadata}}`
}

/** An object's JSON without its end, so that more can follow. */
function open(object: Record<string, unknown>): string {
  return JSON.stringify(object).slice(0, -1)
}
