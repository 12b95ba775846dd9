import { encodeJson, replaceForbiddenCharacters } from './encode-json.js'
import { type Duration, parseDuration } from './duration.js'
import { LonghaulError } from './errors.js'
import type { JobError } from './job.js'
import type { Json } from './json.js'
import { limits } from './limits.js'

export interface JobFailureOptions extends ErrorOptions {
  /** Stable, for code and translations: `destination_not_found`. */
  readonly code: string
  /** What the user interface may need to explain the failure. It is shown to whoever may see the job. */
  readonly context?: Json
  /**
   * Whether another attempt could help.
   *
   * @defaultValue true
   */
  readonly retryable?: boolean
  /**
   * Not before this much time has passed, in place of the backoff: what a provider's `Retry-After`
   * says. At most five years.
   *
   * @defaultValue the backoff of the job type
   */
  readonly retryAfter?: Duration
}

/**
 * What a handler throws to fail with a code, a context, or for good.
 *
 * @example
 * throw new JobFailure('There is no place called Atlantis.', { code: 'destination_not_found', retryable: false })
 * throw new JobFailure('The model is busy.', { code: 'model_busy', retryAfter: '30s' })
 */
export class JobFailure extends Error {
  override readonly name: string = 'JobFailure'
  readonly code: string
  readonly context: Json
  readonly retryable: boolean
  readonly retryAfterMs: number | undefined

  /** @throws {LonghaulError} `invalid_configuration` when `retryAfter` is no duration */
  constructor(
    message: string,
    { code, context = null, retryable = true, retryAfter, ...options }: JobFailureOptions,
  ) {
    super(message, options)
    this.code = code
    this.context = context
    this.retryable = retryable
    this.retryAfterMs =
      retryAfter === undefined
        ? undefined
        : parseDuration('retryAfter', retryAfter, { max: limits.delayMs })
  }
}

const maxCodeCharacters = 64
const maxMessageCharacters = 2000
const maxContextBytes = 16_384

type Redact = (text: string) => string

/** Whatever was thrown, as data that can be stored and shown. Stack traces stay in the log. */
export function describeFailure(thrown: unknown, redact: Redact = (text) => text): JobError {
  if (!(thrown instanceof Error))
    return failure('handler_error', redact(asText(thrown)), null, true)
  const { code, context, retryable } = thrown as Partial<JobFailure>
  const isOurs = isJobFailure(thrown) || LonghaulError.is(thrown)
  return failure(
    isOurs && typeof code === 'string' ? redact(code) : 'handler_error',
    redact(asText(thrown.message) || asText(thrown.name)),
    isOurs ? storable(context ?? null, redact) : null,
    isOurs ? retryable !== false : true,
  )
}

/** How long what was thrown asks to wait; `undefined` when it says nothing of it. */
export function retryAfterMsOf(thrown: unknown): number | undefined {
  return isJobFailure(thrown) ? thrown.retryAfterMs : undefined
}

/** By its name, because two copies of the package can be loaded; an app's own class may have another. */
function isJobFailure(thrown: unknown): thrown is JobFailure {
  return thrown instanceof JobFailure || (thrown instanceof Error && thrown.name === 'JobFailure')
}

/** JavaScript lets anything be thrown and be a message, even what has no text. */
function asText(value: unknown): string {
  try {
    return typeof value === 'object' && value !== null && !(value instanceof Error)
      ? encodeJson(value, { what: 'what was thrown', badCharacters: 'replace' })
      : String(value)
  } catch {
    return 'The handler threw a value that has no text.'
  }
}

export function failure(
  code: string,
  message: string,
  context: Json,
  retryable: boolean,
): JobError {
  return {
    code: replaceForbiddenCharacters(code.slice(0, maxCodeCharacters)),
    message: replaceForbiddenCharacters(message.slice(0, maxMessageCharacters)),
    context,
    retryable,
  }
}

/** A context that is no JSON, or too large, must not turn a failure into a failure to record it. */
function storable(context: Json, redact: Redact): Json {
  try {
    const options = {
      what: 'the context',
      maxBytes: maxContextBytes,
      badCharacters: 'replace',
      redact,
    } as const
    return JSON.parse(encodeJson(context, options)) as Json
  } catch (error) {
    return { unstorable: LonghaulError.is(error) ? error.message : String(error) }
  }
}
