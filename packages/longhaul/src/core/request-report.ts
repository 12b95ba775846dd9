import type { Json } from './json.js'
import type { Schema } from './standard-schema.js'

/** What an outside back end says of a request that it works on. Each is a signal of this name. */
export const reportSignal = 'report'

/** How far a request is, or how it has ended. */
export interface RequestReport {
  readonly status: 'running' | 'completed' | 'failed'
  /** 0 to 100. */
  readonly progress?: number
  /** What is being done, in words for the user. */
  readonly stage?: string
  /** Of a completed request. */
  readonly result?: Json
  /** Of a failed one. */
  readonly error?: { readonly code: string; readonly message: string; readonly retryable?: boolean }
  /** The attempt that the back end was asked in. With it a report of an earlier attempt counts for nothing. */
  readonly attempt?: number
}

/** As much as is needed to act on a report. What is wrong is dropped, as any signal that its schema refuses. */
export const requestReport: Schema<RequestReport> = {
  '~standard': {
    version: 1,
    vendor: 'longhaul',
    validate(value) {
      return isReport(value)
        ? { value }
        : { issues: [{ message: 'A report has a status: running, completed or failed.' }] }
    },
  },
}

function isReport(value: unknown): value is RequestReport {
  if (typeof value !== 'object' || value === null) return false
  const { status, progress, stage, error } = value as Partial<Record<keyof RequestReport, unknown>>
  const isKnown = status === 'running' || status === 'completed' || status === 'failed'
  const hasWords = (given: unknown): boolean => given === undefined || typeof given === 'string'
  const { code, message } = (error ?? {}) as { readonly code?: unknown; readonly message?: unknown }
  return (
    isKnown &&
    (progress === undefined || typeof progress === 'number') &&
    [stage, code, message].every(hasWords)
  )
}
