/** What happens among a batch and its two items. */
import { countSettledItems } from '../../src/engine/batches/count-settled-items.js'
import { insertItems } from '../../src/engine/batches/insert-items.js'
import { insertJobs } from '../../src/postgres/index.js'
import { newJob, type TestDatabase } from '../database.js'
import * as op from './operations.js'
import { attemptEnds, onTree, registerBoth } from './relatives.js'
import type { Scenario } from './scenarios.js'

const firstItem = '00000000-0000-7000-8000-000000000003'

const count = op.sweep('count', (db) => countSettledItems(op.own(db)))

const firstCompletes = attemptEnds({ id: firstItem }, 'the first item completes', {
  action: 'complete',
  result: '1',
})
const secondFails = attemptEnds({ id: op.secondId }, 'the second item fails', {
  action: 'fail',
  error: op.failed,
})

const cancelAll = onTree('cancel', op.jobId, 'the batch')
const retryAll = onTree('retry', op.jobId, 'the batch')
const retrySecond = onTree('retry', op.secondId, 'the second item')
const retriedCompletes = attemptEnds({ id: op.secondId, fence: 2 }, 'the retried item completes', {
  action: 'complete',
  result: '2',
})
const claimA = op.claim(op.workerA)
const claimB = op.claim(op.workerB)

/** Both items are A's. */
async function itemsRunning(db: TestDatabase): Promise<void> {
  await registerBoth(db)
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

/** The batch had begun when its second item was retried; both run. */
async function begun(db: TestDatabase): Promise<void> {
  await secondFailed(db)
  await firstCompletes.work(db)
  await count.work(db)
  await claimA.work(db)
  await retrySecond.work(db)
  await claimB.work(db)
}

async function settledAgain(db: TestDatabase): Promise<void> {
  await begun(db)
  await retriedCompletes.work(db)
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
    operations: [firstCompletes, secondFails, count, count, cancelAll, op.signal, claimB],
    triples: [[firstCompletes, secondFails, count]],
  },
  {
    name: 'a batch of which one item failed',
    setUp: secondFailed,
    operations: [firstCompletes, retrySecond, count, cancelAll, op.signal],
    triples: [[firstCompletes, retrySecond, count]],
  },
  {
    name: 'a batch that runs while an item of it does',
    setUp: begun,
    operations: [retriedCompletes, op.suspend, count, cancelAll, claimA],
    triples: [[retriedCompletes, op.suspend, count]],
  },
  {
    name: 'a batch that runs and whose retried item has settled',
    setUp: settledAgain,
    operations: [op.suspend, count, cancelAll, claimA],
  },
  {
    name: 'a cancelled batch of which one item failed',
    setUp: cancelled,
    operations: [retryAll, retrySecond, count, claimB],
  },
]
