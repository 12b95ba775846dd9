/**
 * A job whose work is done elsewhere: by a back end that is told of it once, and then reports. The job
 * waits for the reports and holds no worker meanwhile, so the status table, cancelling, retries and what
 * readers see are those of any job (docs/adr/0018-outside-back-ends-send-signals.md).
 */
import { defineJob, type JobDefinition, type JobOptions } from './define-job.js'
import type { Duration } from './duration.js'
import type { JobContext } from './job-context.js'
import { JobFailure } from './job-failure.js'
import { reportSignal, type RequestReport, requestReport } from './request-report.js'
import type { Schema, SchemaOutput } from './standard-schema.js'

/** What the back end is to be told. */
export interface PassedRequest<Input> {
  readonly input: Input
  /** The job's id: what the back end names in its reports. */
  readonly requestId: string
  /** Counts from 1. A back end that sends it back in its reports cannot disturb a later attempt. */
  readonly attempt: number
  /** The same each time that this attempt is passed on, also after a crash. */
  readonly idempotencyKey: string
  readonly signal: AbortSignal
}

export interface RequestOptions<I extends Schema, R extends Schema> extends Omit<
  JobOptions<I, R>,
  'run'
> {
  /** Pass the request on to the back end. Once in each attempt, or twice after a crash: give on the `idempotencyKey`. */
  pass(request: PassedRequest<SchemaOutput<I>>): Promise<void> | void
  /**
   * How long the back end may say nothing. Then the attempt fails with `backend_silent`.
   *
   * @defaultValue '15m'
   */
  readonly silence?: Duration
}

/**
 * Define a request that an outside back end works on and reports on, with `createRequestService` or over HTTP.
 *
 * @throws {LonghaulError} `invalid_configuration`
 * @example
 * export const answer = defineRequest('answer', {
 *   input: Question,
 *   result: Answer,
 *   pass: ({ input, requestId, signal }) => sendToBackend(input, requestId, signal),
 * })
 */
export function defineRequest<const Type extends string, I extends Schema, R extends Schema>(
  type: Type,
  { pass, silence = '15m', ...options }: RequestOptions<I, R>,
): JobDefinition<Type, I, R> {
  return defineJob<Type, I, R>(type, {
    ...options,
    async run(context) {
      const { input, job, step, progress } = context
      const { id: requestId, attempt } = job
      const key = `attempt ${attempt}`
      await step('pass on', { key }, ({ idempotencyKey, signal }) =>
        pass({ input, requestId, attempt, idempotencyKey, signal }),
      )
      for (let n = 1; ; n += 1) {
        const report = await nextReport(context, `${key}, ${n}`, silence)
        if (report.attempt !== undefined && report.attempt !== attempt) continue
        if (report.status === 'completed') return report.result
        if (report.status === 'failed') throw asFailure(report)
        progress(report.progress ?? 0, report.stage)
      }
    },
  })
}

async function nextReport(
  { waitForSignal }: Pick<JobContext<unknown>, 'waitForSignal'>,
  key: string,
  silence: Duration,
): Promise<RequestReport> {
  const report = await waitForSignal(reportSignal, { key, timeout: silence, schema: requestReport })
  if (report !== undefined) return report
  throw new JobFailure('The back end has said nothing of this request for too long.', {
    code: 'backend_silent',
  })
}

function asFailure({ error }: RequestReport): JobFailure {
  return new JobFailure(error?.message ?? 'The back end could not do it.', {
    code: error?.code ?? 'backend_failed',
    retryable: error?.retryable ?? false,
  })
}
