import { describeFailure, encodeJson, type Step, type StepContext } from '../../core/index.js'
import type { StepPulse } from '../../postgres/index.js'
import type { Entry, Journal } from './journal.js'
import type { Rest } from './rest.js'

export interface StepRunnerOptions {
  readonly jobId: string
  readonly attempt: number
  readonly journal: Journal
  readonly rest: Rest
  /** Throws when the handler has to stop. */
  checkOpen(): void
  /** Resolves when the step is committed; rejects when the claim is lost. */
  store(step: StepPulse, options: { readonly urgent: boolean }): Promise<void>
  /** Runs the work of a step: what it writes to streams belongs to the step. */
  inStep<T>(key: string, work: () => T): T
}

type Work<T> = (context: StepContext) => Promise<T> | T

/** A step that takes longer than this is stored as running, so that it is seen, and counted if the process dies. */
const visibleAfterMs = 150

/** The `step` of one attempt. */
export function createStepRunner(options: StepRunnerOptions): Step {
  const { journal, rest, checkOpen } = options
  return async <T>(
    name: string,
    ...args: [work: Work<T>] | [options: { readonly key: string }, work: Work<T>]
  ): Promise<T> => {
    checkOpen()
    const [{ key }, work] = args.length === 2 ? args : [{ key: undefined }, args[0]]
    const entry = journal.enter('step', name, key)
    const workEnds = rest.workBegins()
    try {
      const { before } = entry
      if (before?.status === 'completed') return (before.hasResult ? before.result : undefined) as T
      return await runAndStore(options, entry, work)
    } finally {
      entry.leave()
      workEnds()
    }
  }
}

async function runAndStore<T>(
  { jobId, attempt, store, checkOpen, inStep }: StepRunnerOptions,
  { key, position, before }: Entry,
  work: Work<T>,
): Promise<T> {
  const startedAt = performance.now()
  const pulse = (
    status: StepPulse['status'],
    more: { result?: string; error?: string } = {},
  ): StepPulse => ({
    key,
    position,
    runs: (before?.runs ?? 0) + 1,
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
    const context = { idempotencyKey: `${jobId}:${key}` }
    const result = await inStep(key, () => work(context))
    clearTimeout(visible)
    const text = result === undefined ? undefined : encodeResult(result, key)
    await store(pulse('completed', text === undefined ? {} : { result: text }), { urgent: true })
    return result
  } catch (error) {
    clearTimeout(visible)
    checkOpen()
    const described = JSON.stringify(describeFailure(error))
    await store(pulse('failed', { error: described }), { urgent: true })
    throw error
  }
}

/** What a handler made is kept even when it holds characters that Postgres cannot store. */
function encodeResult(result: unknown, key: string): string {
  return encodeJson(result, { what: `the result of step ${key}`, badCharacters: 'replace' })
}
