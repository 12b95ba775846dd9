/**
 * Every error thrown on purpose carries one of these codes. A code is public API: it goes over
 * the wire, into logs and into callers' `switch` statements, so it is never renamed and never
 * reused. `status` is what HTTP answers; `retryable` says whether the same call may succeed later.
 */
const catalogue = {
  invalid_json: { status: 400, retryable: false },
  invalid_parameter: { status: 400, retryable: false },
  ambiguous_parameter: { status: 400, retryable: false },
  invalid_header: { status: 400, retryable: false },
  invalid_cursor: { status: 400, retryable: false },
  unauthenticated: { status: 401, retryable: false },
  token_in_url: { status: 401, retryable: false },
  forbidden: { status: 403, retryable: false },
  bad_origin: { status: 403, retryable: false },
  job_not_found: { status: 404, retryable: false },
  schedule_not_found: { status: 404, retryable: false },
  route_not_found: { status: 404, retryable: false },
  method_not_allowed: { status: 405, retryable: false },
  id_taken: { status: 409, retryable: false },
  invalid_state: { status: 409, retryable: false },
  job_not_settled: { status: 409, retryable: false },
  lease_lost: { status: 409, retryable: false },
  too_many_signals: { status: 409, retryable: true },
  too_many_schedules: { status: 409, retryable: false },
  payload_too_large: { status: 413, retryable: false },
  unsupported_media_type: { status: 415, retryable: false },
  invalid_input: { status: 422, retryable: false },
  unknown_field: { status: 422, retryable: false },
  unknown_job_type: { status: 422, retryable: false },
  too_deep: { status: 422, retryable: false },
  too_complex: { status: 422, retryable: false },
  forbidden_key: { status: 422, retryable: false },
  duplicate_key: { status: 422, retryable: false },
  unsafe_number: { status: 422, retryable: false },
  invalid_character: { status: 422, retryable: false },
  not_json: { status: 422, retryable: false },
  idempotency_mismatch: { status: 422, retryable: false },
  secret_required: { status: 422, retryable: false },
  too_many_connections: { status: 429, retryable: true },
  internal: { status: 500, retryable: false },
  invalid_configuration: { status: 500, retryable: false },
  wrong_database: { status: 500, retryable: false },
  incompatible_schema: { status: 503, retryable: false },
  secrets_unavailable: { status: 503, retryable: true },
  embedded_postgres_unavailable: { status: 503, retryable: false },
  lock_timeout: { status: 503, retryable: true },
  database_unavailable: { status: 503, retryable: true },
  closed: { status: 503, retryable: true },
} as const

export type ErrorCode = keyof typeof catalogue

export const errorCodes: readonly ErrorCode[] = Object.keys(catalogue) as ErrorCode[]

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
    return catalogue[this.code].status
  }

  /** Whether the same call may succeed later, unchanged. */
  get retryable(): boolean {
    return catalogue[this.code].retryable
  }

  /** Use this and not `instanceof`, which fails when two copies of the package are loaded. */
  static is(value: unknown, code?: ErrorCode): value is LonghaulError {
    if (!(value instanceof Error) || value.name !== 'LonghaulError') return false
    return code === undefined || (value as LonghaulError).code === code
  }
}

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(catalogue, value)
}
