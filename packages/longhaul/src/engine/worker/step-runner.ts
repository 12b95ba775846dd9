import { setTimeout as delay } from 'node:timers/promises'
import {
  describeFailure,
  encodeJson,
  type JobError,
  nextDelayMs,
  type Step,
  type StepContext,
  type StepOptions,
} from '../../core/index.js'
import type { StepPulse } from '../../postgres/index.js'
import type { Entry, Journal } from './journal.js'
import type { Rest } from './rest.js'
import { parseStepPolicy, type StepPolicy, withTimeout } from './step-policy.js'

export interface StepRunnerOptions {
  readonly jobId: string
  readonly attempt: number
  /** Aborts when the handler has to stop. */
  signal(): AbortSignal
  readonly journal: Journal
  readonly rest: Rest
  /** Throws when the handler has to stop. */
  checkOpen(): void
  /** Resolves when the step is committed; rejects when the claim is lost. */
  store(step: StepPulse, options: { readonly urgent: boolean }): Promise<void>
  /** Runs the work of a step: what it writes to streams belongs to the step. */
  inStep<T>(key: string, work: () => T): T
  /** Whether a step has written what only another attempt can take back. */
  hasWritten(key: string): boolean
}

type Work<T> = (context: StepContext) => Promise<T> | T

/** A step that takes longer than this is stored as running, so that it is seen, and counted if the process dies. */
const visibleAfterMs = 150

/** The `step` of one attempt. */
export function createStepRunner(options: StepRunnerOptions): Step {
  const { journal, rest, checkOpen } = options
  return async <T>(
    name: string,
    ...args: [work: Work<T>] | [options: StepOptions, work: Work<T>]
  ): Promise<T> => {
    checkOpen()
    const [stepOptions, work] = args.length === 2 ? args : [{}, args[0]]
    const entry = journal.enter('step', name, stepOptions.key)
    const workEnds = rest.workBegins()
    try {
      const { before } = entry
      if (before?.status === 'completed') return (before.hasResult ? before.result : undefined) as T
      return await runUntilItWorks(options, entry, parseStepPolicy(name, stepOptions), work)
    } finally {
      entry.leave()
      workEnds()
    }
  }
}

async function runUntilItWorks<T>(
  options: StepRunnerOptions,
  entry: Entry,
  policy: StepPolicy,
  work: Work<T>,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    const run = await runAndStore(options, { entry, tries, policy }, work)
    if (run.ok) return run.value
    const mayTryAgain =
      tries < policy.attempts && run.error.retryable && !options.hasWritten(entry.key)
    if (!mayTryAgain) throw run.thrown
    await delay(nextDelayMs(policy.backoff, tries, Math.random()), undefined, {
      signal: options.signal(),
    })
    options.checkOpen()
  }
}

type Run<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly thrown: unknown; readonly error: JobError }

/** @throws when the handler has to stop, or the outcome could not be stored */
async function runAndStore<T>(
  { jobId, attempt, signal, store, checkOpen, inStep }: StepRunnerOptions,
  { entry, tries, policy }: { entry: Entry; tries: number; policy: StepPolicy },
  work: Work<T>,
): Promise<Run<T>> {
  const { key, position, before } = entry
  const startedAt = performance.now()
  const pulse = (
    status: StepPulse['status'],
    more: { result?: string; error?: string } = {},
  ): StepPulse => ({
    key,
    position,
    runs: (before?.runs ?? 0) + tries,
    ...more,
    attempt,
    status,
    startedMsAgo: performance.now() - startedAt,
    ...(status === 'running' ? {} : { finishedMsAgo: 0 }),
  })
  const visible = setTimeout(() => {
    // Whether it is seen is not worth failing for: what counts is stored when the step ends.
    store(pulse('running'), { urgent: false }).catch(() => undefined)
  }, visibleAfterMs)
  try {
    const idempotencyKey = `${jobId}:${key}`
    const value = await withTimeout(policy, signal, (stepSignal) =>
      inStep(key, () =>
        work({
          idempotencyKey,
          get signal() {
            return stepSignal()
          },
        }),
      ),
    )
    clearTimeout(visible)
    const text = value === undefined ? undefined : encodeResult(value, key)
    await store(pulse('completed', text === undefined ? {} : { result: text }), { urgent: true })
    return { ok: true, value }
  } catch (thrown) {
    clearTimeout(visible)
    checkOpen()
    const error = describeFailure(thrown)
    await store(pulse('failed', { error: JSON.stringify(error) }), { urgent: true })
    return { ok: false, thrown, error }
  }
}

/** What a handler made is kept even when it holds characters that Postgres cannot store. */
function encodeResult(result: unknown, key: string): string {
  return encodeJson(result, { what: `the result of step ${key}`, badCharacters: 'replace' })
}
