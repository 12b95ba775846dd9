import {
  describeFailure,
  encodeJson,
  type JobError,
  type OpenTransaction,
  type StepContext,
  type TransactionalStepOptions,
} from '../../core/index.js'
import type { StepPulse } from '../../postgres/index.js'
import type { Entry } from './journal.js'
import { runInTransaction } from './run-in-transaction.js'
import { type StepPolicy, withTimeout } from './step-policy.js'

/** What a run of a step needs of its job. */
export interface StepRunOptions {
  readonly jobId: string
  readonly attempt: number
  /** Aborts when the handler has to stop. */
  signal(): AbortSignal
  /** Throws when the handler has to stop. */
  checkOpen(): void
  /** Resolves when the step is committed; rejects when the claim is lost. */
  store(step: StepPulse, options: { readonly urgent: boolean }): Promise<void>
  /** Lets statements of ours find their tables in a transaction of the app's own. */
  join(transaction: OpenTransaction): OpenTransaction
  /** Stores the step as the last statement of a transaction of the app's own; rejects when the claim is lost. */
  storeIn(transaction: OpenTransaction, step: StepPulse): Promise<void>
  /** That transaction has committed. */
  committed(step: StepPulse): void
  /** Whether the step is stored, when nobody heard what became of that transaction. */
  hasStored(key: string): Promise<boolean>
  /** Runs the work of a step: what it writes to streams belongs to the step. */
  inStep<T>(key: string, work: () => T): T
  /** Replaces the secrets that the handler has asked for. */
  redact(this: void, text: string): string
}

export interface StepRun {
  readonly entry: Entry
  readonly policy: StepPolicy
  /** Which run in this attempt it is. */
  readonly tries: number
}

export type Work<T> = (context: StepContext) => Promise<T> | T

/** What a step does, in a transaction of the app's own or not. */
export type StepWork<T> =
  | { readonly work: Work<T> }
  | { readonly in: TransactionalWork<unknown, T> }

export interface TransactionalWork<Client, T> {
  readonly transactions: TransactionalStepOptions<Client>['transaction']
  work(client: Client, context: StepContext): Promise<T> | T
}

export type Ran<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly thrown: unknown; readonly error: JobError }

/** A step that takes longer than this is stored as running, so that it is seen, and counted if the process dies. */
const visibleAfterMs = 150

/** @throws when the handler has to stop, or the outcome could not be stored */
export async function runAndStore<T>(
  options: StepRunOptions,
  { entry, tries, policy }: StepRun,
  step: StepWork<T>,
): Promise<Ran<T>> {
  const { jobId, attempt, signal, store, checkOpen, inStep, redact } = options
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
  const completed = (value: T): StepPulse => {
    clearTimeout(visible)
    if (value === undefined) return pulse('completed')
    const what = `the result of step ${key}`
    // What a handler made is kept even when it holds characters that Postgres cannot store.
    return pulse('completed', {
      result: encodeJson(value, { what, badCharacters: 'replace', redact }),
    })
  }
  const context = (stepSignal: () => AbortSignal): StepContext => ({
    idempotencyKey: `${jobId}:${key}`,
    get signal() {
      return stepSignal()
    },
  })
  const visible = setTimeout(() => {
    // Whether it is seen is not worth failing for: what counts is stored when the step ends.
    store(pulse('running'), { urgent: false }).catch(() => undefined)
  }, visibleAfterMs)
  /** Set when its transaction may have committed, also if nobody heard so. */
  let mayBeStored: { readonly value: T; readonly last: StepPulse } | undefined

  async function perform(): Promise<T> {
    if ('work' in step) {
      const value = await withTimeout(policy, signal, (stepSignal) =>
        inStep(key, () => step.work(context(stepSignal))),
      )
      await store(completed(value), { urgent: true })
      return value
    }
    const { transactions, work } = step.in
    const value = await runInTransaction({
      transactions,
      policy,
      signal,
      join: options.join,
      work: (client, stepSignal) => inStep(key, () => work(client, context(stepSignal))),
      async store(transaction, result) {
        const last = completed(result)
        mayBeStored = { value: result, last }
        await options.storeIn(transaction, last)
      },
    })
    if (mayBeStored !== undefined) options.committed(mayBeStored.last)
    return value
  }

  try {
    return { ok: true, value: await perform() }
  } catch (thrown) {
    clearTimeout(visible)
    checkOpen()
    const error = describeFailure(thrown, redact)
    // It waits for the job's row, so when it is done the step's transaction has ended, one way or the other.
    await store(pulse('failed', { error: JSON.stringify(error) }), { urgent: true })
    if (mayBeStored !== undefined && (await options.hasStored(key)))
      return { ok: true, value: mayBeStored.value }
    return { ok: false, thrown, error }
  }
}
