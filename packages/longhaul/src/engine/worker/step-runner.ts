import { setTimeout as delay } from 'node:timers/promises'
import {
  nextDelayMs,
  retryAfterMsOf,
  type Step,
  type StepOptions,
  type TransactionalStepOptions,
} from '../../core/index.js'
import type { Entry, Journal } from './journal.js'
import type { Rest } from './rest.js'
import { parseStepPolicy, type StepPolicy } from './step-policy.js'
import {
  runAndStore,
  type StepRunOptions,
  type StepWork,
  type TransactionalWork,
  type Work,
} from './step-run.js'

export interface StepRunnerOptions extends StepRunOptions {
  readonly journal: Journal
  readonly rest: Rest
  /** Whether a step has written what only another attempt can take back. */
  hasWritten(key: string): boolean
}

type Call<Client, T> =
  | [work: Work<T>]
  | [options: StepOptions, work: Work<T>]
  | [options: TransactionalStepOptions<Client>, work: TransactionalWork<Client, T>['work']]

/** The `step` of one attempt. */
export function createStepRunner(options: StepRunnerOptions): Step {
  const { journal, rest, checkOpen } = options
  return async <T, Client>(name: string, ...args: Call<Client, T>): Promise<T> => {
    checkOpen()
    const [stepOptions, step] = readCall(args)
    const entry = journal.enter('step', name, stepOptions.key)
    const workEnds = rest.workBegins()
    try {
      const { before } = entry
      if (before?.status === 'completed') return (before.hasResult ? before.result : undefined) as T
      return await runUntilItWorks(options, entry, parseStepPolicy(name, stepOptions), step)
    } finally {
      entry.leave()
      workEnds()
    }
  }
}

function readCall<Client, T>(args: Call<Client, T>): [StepOptions, StepWork<T>] {
  if (args.length === 1) return [{}, { work: args[0] }]
  const [options, work] = args
  if (!('transaction' in options)) return [options, { work: work as Work<T> }]
  const { transaction: transactions } = options
  return [options, { in: { transactions, work } }]
}

async function runUntilItWorks<T>(
  options: StepRunnerOptions,
  entry: Entry,
  policy: StepPolicy,
  step: StepWork<T>,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    const run = await runAndStore(options, { entry, tries, policy }, step)
    if (run.ok) return run.value
    const waitMs = retryAfterMsOf(run.thrown) ?? nextDelayMs(policy.backoff, tries, Math.random())
    const mayTryAgain =
      tries < policy.attempts && run.error.retryable && !options.hasWritten(entry.key)
    // A wait that is longer than the step's own is left to the job, which holds no worker for it.
    if (!mayTryAgain || waitMs > policy.backoff.maxMs) throw run.thrown
    await delay(waitMs, undefined, { signal: options.signal() })
    options.checkOpen()
  }
}
