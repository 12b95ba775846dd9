/**
 * Every error thrown on purpose carries one of these codes. A code is public API: it goes over
 * the wire, into logs and into callers' `switch` statements, so it is never renamed and never
 * reused. The number is the status that HTTP answers.
 */
const statuses = {
  invalid_json: 400,
  invalid_parameter: 400,
  ambiguous_parameter: 400,
  invalid_header: 400,
  invalid_cursor: 400,
  unauthenticated: 401,
  token_in_url: 401,
  forbidden: 403,
  bad_origin: 403,
  job_not_found: 404,
  schedule_not_found: 404,
  route_not_found: 404,
  method_not_allowed: 405,
  id_taken: 409,
  invalid_state: 409,
  job_not_settled: 409,
  lease_lost: 409,
  too_many_signals: 409,
  too_many_schedules: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  invalid_input: 422,
  unknown_field: 422,
  unknown_job_type: 422,
  too_deep: 422,
  too_complex: 422,
  forbidden_key: 422,
  duplicate_key: 422,
  unsafe_number: 422,
  invalid_character: 422,
  not_json: 422,
  idempotency_mismatch: 422,
  secret_required: 422,
  too_many_connections: 429,
  internal: 500,
  invalid_configuration: 500,
  wrong_database: 500,
  incompatible_schema: 503,
  secrets_unavailable: 503,
  embedded_postgres_unavailable: 503,
  lock_timeout: 503,
  database_unavailable: 503,
  closed: 503,
} as const

export type ErrorCode = keyof typeof statuses

const retryable: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'too_many_signals',
  'too_many_connections',
  'secrets_unavailable',
  'lock_timeout',
  'database_unavailable',
  'closed',
])

export const errorCodes: readonly ErrorCode[] = Object.keys(statuses) as ErrorCode[]

/** One thing that is wrong with a value, and where: an RFC 6901 pointer that never repeats the value. */
export interface Issue {
  readonly pointer: string
  readonly code: string
  readonly message: string
}

export interface LonghaulErrorOptions extends ErrorOptions {
  readonly issues?: readonly Issue[]
}

/** An error that Longhaul throws on purpose. What a handler throws is not one of these: it becomes the job's `error`. */
export class LonghaulError extends Error {
  override readonly name = 'LonghaulError'
  readonly code: ErrorCode
  readonly issues: readonly Issue[]

  /** `message` says what happened, why it matters, and what to do about it. */
  constructor(
    code: ErrorCode,
    message: string,
    { issues = [], ...options }: LonghaulErrorOptions = {},
  ) {
    super(message, options)
    this.code = code
    this.issues = issues
  }

  /** The HTTP status that this error is answered with. */
  get status(): number {
    return statuses[this.code]
  }

  /** Whether the same call may succeed later, unchanged. */
  get retryable(): boolean {
    return retryable.has(this.code)
  }

  /** Use this and not `instanceof`, which fails when two copies of the package are loaded. */
  static is(value: unknown, code?: ErrorCode): value is LonghaulError {
    if (!(value instanceof Error) || value.name !== 'LonghaulError') return false
    return code === undefined || (value as LonghaulError).code === code
  }
}

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(statuses, value)
}
