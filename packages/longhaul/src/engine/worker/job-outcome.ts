import {
  deadlineExceeded,
  describeFailure,
  encodeJson,
  failure,
  type JobDefinition,
  type JobError,
  LonghaulError,
  nextDelayMs,
  parseWith,
  retryAfterMsOf,
  type StopReason,
} from '../../core/index.js'
import type { Outcome } from '../../postgres/index.js'

/** What the handler's value comes to: its result, or a failure when it is not what the type promises. */
export async function outcomeOfValue(
  definition: JobDefinition,
  value: unknown,
  redact: (text: string) => string,
): Promise<Outcome> {
  const checked = await parseWith(definition.result, value, '/result')
  if (!checked.ok) {
    const where = checked.issues.map(({ pointer, message }) => `${pointer} ${message}`).join('; ')
    const text = `The handler of ${definition.type} returned a result that its schema refuses: ${where}.`
    return failed(failure('invalid_result', text, null, false))
  }
  try {
    const what = `the result of ${definition.type}`
    return {
      action: 'complete',
      result: encodeJson(checked.value ?? null, { what, badCharacters: 'replace', redact }),
    }
  } catch (error) {
    if (!LonghaulError.is(error)) throw error
    return failed(failure('invalid_result', error.message, null, false))
  }
}

export interface FailedAttempt {
  readonly definition: JobDefinition
  readonly attempt: number
  readonly maxAttempts: number
  readonly thrown: unknown
  readonly stopReason: StopReason | undefined
  /** From 0 up to 1. */
  readonly random: number
  redact(this: void, text: string): string
}

/** What a failed attempt comes to: another one with backoff, or the job's failure. */
export function outcomeOfFailure(failed_: FailedAttempt): Outcome {
  const { definition, attempt, maxAttempts, thrown, stopReason, random, redact } = failed_
  // Whoever asked the handler to stop decides what becomes of the job, not what it threw then.
  if (stopReason === 'cancelled' || stopReason === 'shutdown') return { action: 'release' }
  if (stopReason === 'deadline') return failed(deadlineExceeded)
  const error = stopReason === 'timeout' ? timedOut(definition) : describeFailure(thrown, redact)
  if (!error.retryable || attempt >= maxAttempts) return failed(error)
  const delayMs = retryAfterMsOf(thrown) ?? nextDelayMs(definition.backoff, attempt, random)
  return { action: 'reschedule', error: JSON.stringify(error), delayMs }
}

function failed(error: JobError): Outcome {
  return { action: 'fail', error: JSON.stringify(error) }
}

function timedOut({ type, timeoutMs }: JobDefinition): JobError {
  const message = `An attempt of ${type} took longer than its timeout of ${timeoutMs / 1000} s and was stopped.`
  return failure('timeout', message, { timeoutMs }, true)
}
