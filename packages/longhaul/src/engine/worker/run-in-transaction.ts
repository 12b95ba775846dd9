/**
 * One run of a step in a transaction of the app's own. Its last statement locks the job's row, checks
 * that the claim still holds and stores the step, so the app's writes and the step commit together:
 * a worker that lost its claim can commit neither.
 *
 * The step's time ends with its work. Work that goes on after that keeps the transaction open until it
 * ends, because its client must not be given to somebody else; but it is rolled back.
 */
import type { OpenTransaction, Transactions } from '../../core/index.js'
import { limitStatements } from '../../postgres/index.js'
import { type StepPolicy, withTimeout } from './step-policy.js'

export interface TransactionalRun<Client, T> {
  readonly transactions: Transactions<Client>
  readonly policy: StepPolicy
  signal(): AbortSignal
  /** Lets statements of ours find their tables in it. */
  join(transaction: OpenTransaction): OpenTransaction
  work(client: Client, signal: () => AbortSignal): Promise<T> | T
  /** Stores the step. Nothing is to come after it but the commit. */
  store(transaction: OpenTransaction, value: T): Promise<void>
}

export async function runInTransaction<Client, T>(run: TransactionalRun<Client, T>): Promise<T> {
  const { transactions, policy } = run
  let stepSignal = run.signal
  let isOver = false
  let workEnds!: () => void
  let workFails!: (error: unknown) => void
  const worked = new Promise<void>((resolve, reject) => {
    workEnds = resolve
    workFails = reject
  })

  const committed = transactions.open(async (client, opened) => {
    const transaction = run.join(opened)
    if (policy.timeoutMs !== undefined) await transaction.run(limitStatements(policy.timeoutMs))
    if (isOver) throw tooLate(policy)
    const value = await run.work(client, () => stepSignal())
    if (isOver) throw tooLate(policy)
    workEnds()
    await run.store(transaction, value)
    return value
  })
  committed.catch(workFails)
  try {
    await withTimeout(policy, run.signal, (signal) => {
      stepSignal = signal
      return worked
    })
  } finally {
    isOver = true
  }
  return committed
}

/** Nobody waits for it any more: it only rolls back. */
function tooLate({ name }: StepPolicy): Error {
  return new Error(`The step ${name} was over before its work was.`)
}
