/** What happens to jobs that hang together: those that others have spawned, and the items of batches. */
import { createCancelAndRetry } from '../../src/engine/cancel-and-retry.js'
import { createVault } from '../../src/engine/index.js'
import { type Outcome, registerWorker } from '../../src/postgres/index.js'
import { ada, type TestDatabase } from '../database.js'
import { deaf } from '../engine.js'
import * as op from './operations.js'

/** A person cancels or retries a job, and by it all that hangs on it. */
export function onTree(action: 'cancel' | 'retry', id: string, name: string): op.Operation {
  return op.operation(`${action} ${name}`, async (db) => {
    const jobs = createCancelAndRetry({ db: op.own(db), hints: deaf, vault: createVault([]) })
    const { value } = await (action === 'cancel'
      ? jobs.cancel({ principal: ada, id })
      : jobs.retry(ada, id))
    return value.status
  })
}

export function attemptEnds(
  { id, fence = 1 }: { readonly id: string; readonly fence?: number },
  name: string,
  outcome: Outcome,
): op.Operation {
  return op.finishOf(name, { tenantId: 'acme', id, fence, outcome })
}

export async function registerBoth(db: TestDatabase): Promise<void> {
  const handled = [{ type: 'noop', version: 1 }]
  for (const [workerId, name] of [
    [op.workerA, 'A'],
    [op.workerB, 'B'],
  ] as const)
    await db.run(registerWorker({ workerId, leaseMs: 600_000, name, handled }))
}
