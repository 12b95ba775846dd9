/** What happens among a batch and its two items. */
import { countSettledItems } from '../../src/engine/batches/count-settled-items.js'
import { insertItems } from '../../src/engine/batches/insert-items.js'
import { createCancelAndRetry } from '../../src/engine/cancel-and-retry.js'
import { createVault } from '../../src/engine/index.js'
import { insertJobs, type Outcome, registerWorker } from '../../src/postgres/index.js'
import { ada, newJob, type TestDatabase } from '../database.js'
import { deaf } from './family.js'
import * as op from './operations.js'
import type { Scenario } from './scenarios.js'

const firstItem = '00000000-0000-7000-8000-000000000003'

const count = op.sweep('count', (db) => countSettledItems(op.own(db)))

function finishItem(id: string, name: string, outcome: Outcome): op.Operation {
  return op.finishOf(name, { tenantId: 'acme', id, fence: 1, outcome })
}

const firstCompletes = finishItem(firstItem, 'the first item completes', {
  action: 'complete',
  result: '1',
})
const secondFails = finishItem(op.secondId, 'the second item fails', {
  action: 'fail',
  error: op.failed,
})

function onJob(action: 'cancel' | 'retry', id: string, name: string): op.Operation {
  return op.operation(`${action} ${name}`, async (db) => {
    const jobs = createCancelAndRetry({ db: op.own(db), hints: deaf, vault: createVault([]) })
    const { value } = await (action === 'cancel'
      ? jobs.cancel({ principal: ada, id })
      : jobs.retry(ada, id))
    return value.status
  })
}

const cancelAll = onJob('cancel', op.jobId, 'the batch')
const retryAll = onJob('retry', op.jobId, 'the batch')
const retrySecond = onJob('retry', op.secondId, 'the second item')
const claimB = op.claim(op.workerB)

/** Both items are A's. */
async function itemsRunning(db: TestDatabase): Promise<void> {
  for (const [workerId, name] of [
    [op.workerA, 'A'],
    [op.workerB, 'B'],
  ] as const)
    await db.run(registerWorker({ workerId, leaseMs: 600_000, name, handled: [] }))
  const batch = newJob({ id: op.jobId, itemCount: 2 })
  const items = [firstItem, op.secondId].map((id) =>
    newJob({ id, parentId: op.jobId, isItem: true, attempts: 1 }),
  )
  await db.run(insertJobs([batch]))
  await insertItems(db, { row: batch, items })
  await op.claim(op.workerA).work(db)
}

async function secondFailed(db: TestDatabase): Promise<void> {
  await itemsRunning(db)
  await secondFails.work(db)
}

async function cancelled(db: TestDatabase): Promise<void> {
  await secondFailed(db)
  await firstCompletes.work(db)
  await cancelAll.work(db)
}

export const batches: readonly Scenario[] = [
  {
    name: 'a batch whose items run',
    setUp: itemsRunning,
    operations: [firstCompletes, secondFails, count, cancelAll, claimB],
    triples: [[firstCompletes, secondFails, count]],
  },
  {
    name: 'a batch of which one item failed',
    setUp: secondFailed,
    operations: [firstCompletes, retrySecond, count, cancelAll],
    triples: [[firstCompletes, retrySecond, count]],
  },
  {
    name: 'a cancelled batch of which one item failed',
    setUp: cancelled,
    operations: [retryAll, retrySecond, count, claimB],
  },
]
