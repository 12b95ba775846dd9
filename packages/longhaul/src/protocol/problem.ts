import { type ErrorCode, isErrorCode, type Issue, LonghaulError } from '../core/index.js'

/** An error on the wire: problem details as in RFC 9457, with our `code`. */
export interface Problem {
  /** `urn:longhaul:error:<code>`; docs/reference/errors.md has a section for each. */
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: ErrorCode
  readonly detail: string
  readonly retryable: boolean
  readonly requestId?: string
  readonly errors?: readonly Issue[]
}

/** Any error as a problem. What was not thrown on purpose becomes `internal` and tells nothing. */
export function asProblem(error: unknown, requestId?: string): Problem {
  const known = LonghaulError.is(error) ? error : unplanned()
  return {
    type: `urn:longhaul:error:${known.code}`,
    title: known.code.replaceAll('_', ' '),
    status: known.status,
    code: known.code,
    detail: known.message,
    retryable: known.retryable,
    ...(requestId === undefined ? {} : { requestId }),
    ...(known.issues.length === 0 ? {} : { errors: known.issues }),
  }
}

// Not a constant: one that is made by a call would be in the browser's bundle, where nobody needs it.
function unplanned(): LonghaulError {
  return new LonghaulError(
    'internal',
    'Something went wrong that Longhaul did not plan for. The server log has the cause under the request id.',
  )
}

/** The error that a problem describes, or `undefined` when the value is not a problem of ours. */
export function fromProblem(value: unknown): LonghaulError | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { code, detail, errors } = value as Partial<Problem>
  if (!isErrorCode(code)) return undefined
  return new LonghaulError(code, detail ?? code, { issues: errors ?? [] })
}
