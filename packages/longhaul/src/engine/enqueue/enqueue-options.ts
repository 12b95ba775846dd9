import {
  type Duration,
  encodeJson,
  hasForbiddenCharacter,
  isForeignId,
  isJobId,
  isName,
  type Issue,
  type JsonObject,
  limits,
  LonghaulError,
  parseDuration,
  parseTime,
  type Principal,
  utf8Bytes,
} from '../../core/index.js'
import { checkSecrets, type Secrets } from '../secrets/check-secrets.js'

/** How a job is enqueued, beside its type and its input. */
export interface EnqueueOptions {
  /** Whose job it is: it belongs to this tenant, and this user owns it. */
  readonly principal: Principal
  /**
   * The job's id, a UUID, when the caller wants to know it before the answer. Asking again with
   * the same id and the same request gives the same job.
   */
  readonly id?: string
  /**
   * Any text of 1 to 255 bytes. One job is made for each key of an owner; asking again with the
   * same request gives the same job, with another request it is refused. The key lives as long as the job.
   */
  readonly idempotencyKey?: string
  /** Not before this time, from 1970 to five years ahead. */
  readonly runAt?: Date | string
  /** Not before this much time has passed on the database's clock. At most five years. */
  readonly delay?: Duration
  /**
   * How long the whole job may take, from when it is due. Then it fails with `deadline_exceeded`. At
   * most five years.
   *
   * @defaultValue as its type says
   */
  readonly deadline?: Duration
  /**
   * How long after it is due the job may start. Then it fails with `not_started_in_time`.
   *
   * @defaultValue as its type says
   */
  readonly startWithin?: Duration
  /**
   * Among the jobs of one tenant, higher goes first. -1000 to 1000.
   *
   * @defaultValue 0
   */
  readonly priority?: number
  /**
   * One at a time: while such a job has not settled, asking for another gives that one. `true`: one for
   * each `key` of the job type, or one of the type; a text: one for each such text. It counts in the
   * tenant where `visibility` is 'tenant', else for each owner.
   */
  readonly singleton?: true | string
  /**
   * Wait for this long without another request for the same singleton, and then run once with the
   * last input. Once it is about to start, another request makes another job.
   */
  readonly debounce?: Duration
  /** Names by which lists can be filtered: at most 20, of a-z, 0-9, ".", "_" and "-". */
  readonly tags?: readonly string[]
  /** Anything the app wants to find beside the job, up to 64 KiB of JSON. It is shown to whoever may see the job. */
  readonly metadata?: JsonObject
  /**
   * For the handler alone, such as a user's own key of a provider: at most 20 by name, of at most 8 KiB
   * each. They are sealed, shown nowhere, and gone when the job has settled; a retry asks for them
   * again. Of a request that is repeated those of the first time hold.
   */
  readonly secrets?: Secrets
}

export interface ParsedOptions {
  readonly id: string | undefined
  readonly idempotencyKey: string | undefined
  /** RFC 3339. */
  readonly runAt: string | undefined
  readonly delayMs: number
  readonly deadlineMs: number | undefined
  readonly startWithinMs: number | undefined
  readonly priority: number
  readonly singleton: true | string | undefined
  readonly debounced: boolean
  readonly tags: readonly string[]
  /** JSON text. */
  readonly metadata: string | undefined
  /** Absent when there are none. */
  readonly secrets: Secrets | undefined
}

/** @throws {LonghaulError} `invalid_input`, with an issue for each option that is out of its range */
export function parseOptions(options: EnqueueOptions): ParsedOptions {
  const { id, idempotencyKey, runAt, delay, priority = 0, tags = [], metadata, debounce } = options
  const { secrets = {} } = options
  const singleton = options.singleton ?? (debounce === undefined ? undefined : true)
  const issues: Issue[] = []
  const check = (pointer: string, ok: boolean, message: string): void => {
    if (!ok) issues.push({ pointer, code: 'invalid', message })
  }
  const time = runAt === undefined ? undefined : parseTime(runAt)
  check('/id', id === undefined || isJobId(id), 'must be a UUID in lower case')
  check(
    '/idempotencyKey',
    idempotencyKey === undefined || isKey(idempotencyKey),
    'must be 1 to 255 bytes of text',
  )
  check(
    '/runAt',
    runAt === undefined || (time !== undefined && isInRange(time)),
    'must be an RFC 3339 time with an offset, from 1970 to five years ahead',
  )
  check('/delay', runAt === undefined || delay === undefined, 'cannot be combined with runAt')
  check(
    '/priority',
    isPriority(priority),
    `must be a whole number from -${limits.priority} to ${limits.priority}`,
  )
  check(
    '/tags',
    Array.isArray(tags) &&
      tags.length <= limits.tags &&
      tags.every((tag) => typeof tag === 'string' && isName(tag)),
    `must be at most ${limits.tags} names of a-z, 0-9, ".", "_" and "-"`,
  )
  check(
    '/singleton',
    singleton === undefined || singleton === true || isKey(singleton),
    'must be true, or 1 to 255 bytes of text',
  )
  check(
    '/singleton',
    singleton === undefined || idempotencyKey === undefined,
    'cannot be combined with an idempotency key',
  )
  check(
    '/debounce',
    debounce === undefined || (delay === undefined && runAt === undefined),
    'cannot be combined with delay or runAt',
  )
  const secretIssues = checkSecrets(secrets)
  issues.push(...secretIssues)
  check(
    '/secrets',
    debounce === undefined || secretIssues.length > 0 || Object.keys(secrets).length === 0,
    'cannot be combined with debounce',
  )
  const delayMs = asDelay('delay', delay, issues) + asDelay('debounce', debounce, issues)
  const deadlineMs = asTimeLimit('deadline', options.deadline, issues)
  const startWithinMs = asTimeLimit('startWithin', options.startWithin, issues)
  if (issues.length > 0) throw invalid(issues)
  return {
    id,
    idempotencyKey,
    runAt: time === undefined ? undefined : new Date(time).toISOString(),
    delayMs,
    deadlineMs,
    startWithinMs,
    priority,
    singleton,
    debounced: debounce !== undefined,
    tags,
    metadata:
      metadata === undefined
        ? undefined
        : encodeJson(metadata, { what: 'the metadata', maxBytes: limits.metadataBytes }),
    secrets: Object.keys(secrets).length === 0 ? undefined : secrets,
  }
}

function isInRange(time: number): boolean {
  return time >= 0 && time <= Date.now() + limits.delayMs
}

function isKey(key: string): boolean {
  const bytes = typeof key === 'string' ? utf8Bytes(key) : 0
  return bytes > 0 && bytes <= limits.idempotencyKeyBytes && !hasForbiddenCharacter(key)
}

function isPriority(priority: number): boolean {
  return Number.isInteger(priority) && Math.abs(priority) <= limits.priority
}

function asDelay(name: string, delay: Duration | undefined, issues: Issue[]): number {
  return asDuration(name, delay, { min: 0, issues }) ?? 0
}

function asTimeLimit(
  name: string,
  limit: Duration | undefined,
  issues: Issue[],
): number | undefined {
  return asDuration(name, limit, { min: 1, issues })
}

function asDuration(
  name: string,
  duration: Duration | undefined,
  { min, issues }: { readonly min: number; readonly issues: Issue[] },
): number | undefined {
  if (duration === undefined) return undefined
  try {
    return parseDuration(name, duration, { min, max: limits.delayMs })
  } catch (error) {
    if (!LonghaulError.is(error)) throw error
    issues.push({ pointer: `/${name}`, code: 'invalid', message: error.message })
    return undefined
  }
}

export function invalid(
  issues: readonly Issue[],
  whatNow = 'The job was not enqueued',
): LonghaulError {
  const list = issues
    .map(({ pointer, message }) => `${pointer || 'the request'} ${message}`)
    .join('; ')
  return new LonghaulError('invalid_input', `${whatNow}: ${list}.`, { issues })
}

/**
 * @throws {LonghaulError} `invalid_configuration` when an `authenticate` of the app made a principal
 * whose ids cannot be stored
 */
export function checkPrincipal({ tenantId, userId, roles }: Principal): void {
  if (isForeignId(tenantId) && isForeignId(userId) && Array.isArray(roles)) return
  throw new LonghaulError(
    'invalid_configuration',
    `A principal has tenantId ${JSON.stringify(tenantId)} and userId ${JSON.stringify(userId)}. Both must be text ` +
      `of 1 to ${limits.nameBytes} bytes, and roles a list. Correct what "authenticate" returns.`,
  )
}
