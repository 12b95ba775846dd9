import {
  encodeJson,
  fieldEntries,
  isLimited,
  isName,
  type JobDefinition,
  type Json,
  LonghaulError,
  parseWith,
  type Principal,
} from '../../core/index.js'
import type { NewJob, SealedSecret, SingletonPlace } from '../../postgres/index.js'
import type { Secrets } from '../secrets/check-secrets.js'
import {
  checkPrincipal,
  type EnqueueOptions,
  invalid,
  type ParsedOptions,
  parseOptions,
} from './enqueue-options.js'
import { fingerprintOf } from './fingerprint.js'
import { laneKeyOf } from './lane-key.js'
import { createVault, type SecretPlace, type Vault } from '../secrets/vault.js'

/** A row to insert, with its input as a value for the answer. */
export interface EnqueueRequest {
  readonly row: NewJob
  readonly input: Json
  /** There is to be one job of this place at a time. */
  readonly singleton?: {
    readonly place: SingletonPlace
    /** Rather than to answer with a job that waits for its time, give it this input and let it wait on. */
    readonly debounced: boolean
  }
  /** Of a batch: the rows that are inserted with it, and for which it waits. */
  readonly items?: readonly NewJob[]
}

export interface RequestContext {
  readonly definitions: ReadonlyMap<string, JobDefinition>
  makeId(): string
  /** Absent: no job can carry secrets. */
  readonly vault?: Vault
}

/**
 * Everything about a request that can be checked without the database, and the row that it asks for.
 *
 * @throws {LonghaulError} `unknown_job_type`, `invalid_input`, `secrets_unavailable`, and those of `encodeJson`
 */
export async function asRequest(
  { definitions, makeId, vault = noVault }: RequestContext,
  type: string,
  input: unknown,
  options: EnqueueOptions,
): Promise<EnqueueRequest> {
  const definition = definitions.get(type)
  if (definition === undefined) throw unknownType(type)
  checkPrincipal(options.principal)
  const parsed = parseOptions(options)
  const checked = await parseWith(definition.input, input, '/input')
  if (!checked.ok) throw invalid(checked.issues)
  const text = encodeJson(checked.value, { what: `the input of ${type}` })
  const row = asRow(definition, options.principal, parsed, {
    input: text,
    checked: checked.value,
    makeId,
    vault,
  })
  const singleton = singletonOf(definition, { row, options: parsed, checked: checked.value })
  return { row, input: JSON.parse(text), ...(singleton === undefined ? {} : { singleton }) }
}

function singletonOf(
  definition: JobDefinition,
  { row, options, checked }: { row: NewJob; options: ParsedOptions; checked: unknown },
): EnqueueRequest['singleton'] {
  const { singleton, debounced } = options
  if (singleton === undefined) return undefined
  const { tenantId, ownerId, type, visibility } = row
  const key = singleton === true ? definition.keyOf(checked) : singleton
  return {
    place: { tenantId, ownerId: visibility === 'tenant' ? '' : ownerId, type, key: laneKeyOf(key) },
    debounced,
  }
}

const noVault = createVault([])

function sealAll(
  vault: Vault,
  job: Omit<SecretPlace, 'name'>,
  secrets: Secrets,
): readonly SealedSecret[] {
  return Object.entries(secrets).map(([name, value]) => vault.seal({ ...job, name }, value))
}

interface RowParts {
  /** JSON text. */
  readonly input: string
  readonly checked: unknown
  readonly makeId: () => string
  readonly vault: Vault
}

function asRow(
  definition: JobDefinition,
  principal: Principal,
  options: ParsedOptions,
  { input, checked, makeId, vault }: RowParts,
): NewJob {
  const { deadlineMs = definition.deadlineMs, startWithinMs = definition.startWithinMs } = options
  const { idempotencyKey, runAt, delayMs, priority, tags, metadata, secrets } = options
  const { tenantId } = principal
  const repeatable = options.id !== undefined || idempotencyKey !== undefined
  const id = options.id ?? makeId()
  return {
    tenantId,
    id,
    ownerId: principal.userId,
    visibility: definition.visibility,
    type: definition.type,
    typeVersion: definition.version,
    queue: definition.queue,
    ...(definition.limits !== undefined && isLimited(definition.limits.perKey)
      ? { laneKey: laneKeyOf(definition.keyOf(checked)) }
      : {}),
    priority,
    ...(runAt === undefined ? {} : { runAt }),
    delayMs,
    input,
    ...(metadata === undefined ? {} : { metadata }),
    tags,
    ...(definition.filterBy.length === 0
      ? {}
      : { inputFields: fieldEntries(JSON.parse(input) as Json, definition.filterBy) }),
    attempts: definition.attempts,
    cancelGraceMs: definition.cancelGraceMs,
    ...retentionOf(definition),
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
    ...(startWithinMs === undefined ? {} : { startWithinMs }),
    ...(definition.onCancel === undefined ? {} : { cleansUp: true }),
    ...(secrets === undefined ? {} : { secrets: sealAll(vault, { tenantId, jobId: id }, secrets) }),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    ...(repeatable
      ? {
          fingerprint: fingerprintOf({
            type: definition.type,
            input: JSON.parse(input),
            options: {
              runAt: runAt ?? null,
              delayMs,
              // Only when asked for: keys that were made before there were such limits stay valid.
              ...(options.deadlineMs === undefined ? {} : { deadlineMs }),
              ...(options.startWithinMs === undefined ? {} : { startWithinMs }),
              priority,
              tags,
              metadata: metadata === undefined ? null : JSON.parse(metadata),
              // Only their names: of a short secret even a hash tells something.
              ...(secrets === undefined ? {} : { secrets: Object.keys(secrets).sort() }),
            },
          }),
        }
      : {}),
  }
}

/** What is as for completed jobs is not written for each. */
function retentionOf({
  expiresAfterMs: { completed, failed, cancelled },
}: JobDefinition): Pick<
  NewJob,
  'expiresAfterMs' | 'failedExpiresAfterMs' | 'cancelledExpiresAfterMs'
> {
  return {
    expiresAfterMs: completed,
    ...(failed === completed ? {} : { failedExpiresAfterMs: failed }),
    ...(cancelled === completed ? {} : { cancelledExpiresAfterMs: cancelled }),
  }
}

/** A name that is no name is not repeated: it is somebody's text. */
function unknownType(type: string): LonghaulError {
  const name = isName(type) ? `"${type}"` : 'by that name'
  return new LonghaulError(
    'unknown_job_type',
    `The app has no job type ${name}, so nothing was enqueued. Check the spelling, and that its definition is given to createLonghaul.`,
  )
}
