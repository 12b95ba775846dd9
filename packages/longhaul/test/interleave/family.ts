/** What happens among a job and the jobs that it spawns: the operations, and the states in which they meet. */
import { cancelDescendants } from '../../src/engine/children/cancel-descendants.js'
import { retryDescendants } from '../../src/engine/children/retry-descendants.js'
import { continueCascades } from '../../src/engine/children/continue-cascades.js'
import { insertUnderLock, type NewChild } from '../../src/engine/children/insert-children.js'
import { wakeWaitingParents } from '../../src/engine/children/wake-waiting-parents.js'
import { RunningJob } from '../../src/engine/worker/running-job.js'
import {
  cancelJob,
  insertJobs,
  lockJob,
  pulseJobs,
  retryJob,
  type StepPulse,
} from '../../src/postgres/index.js'
import { ada, newJob, type TestDatabase } from '../database.js'
import * as op from './operations.js'
import { attemptEnds, onTree, registerBoth } from './relatives.js'
import type { Scenario } from './scenarios.js'

const parent = { tenantId: 'acme', id: op.jobId, fence: 1 }
const child = { id: op.secondId }
const waits: StepPulse = {
  key: 'child',
  kind: 'child',
  child: { id: op.secondId, group: 'child' },
  position: 1,
  status: 'running',
  runs: 1,
  attempt: 1,
  startedMsAgo: 0,
}
const family: readonly NewChild[] = [
  { row: newJob({ id: op.secondId, parentId: op.jobId, attempts: 2 }), step: waits },
]

/** Anew each time: whether it has to stop is the run's own. */
function runningParent(): RunningJob {
  const claimed = {
    ...parent,
    ownerId: 'ada',
    parentId: null,
    type: 'noop',
    typeVersion: 1,
    queue: 'noop',
    input: null,
    attempt: 1,
    maxAttempts: 2,
    deadlineInMs: null,
    itemCount: null,
    woken: false,
  }
  return new RunningJob(claimed, { workerId: op.workerA, claimNumber: 1 })
}

const spawn = op.operation(
  'spawn',
  (db) => db.transaction((tx) => insertUnderLock(tx, runningParent(), family)),
  (answer) => answer === false || op.wasDeadlock(answer),
)

const wake = op.sweep('wake', (db) => wakeWaitingParents(op.own(db)))

const cancelAll = onTree('cancel', op.jobId, 'all')
/** As with many thousands of children: all of them are left to the sweep. */
const cancelParent = op.operation('cancel the parent', (db) =>
  db.transaction(async (tx) => {
    await tx.run(lockJob(ada, op.jobId))
    const [job] = await tx.run(
      cancelJob({ principal: ada, id: op.jobId, reason: undefined, metadata: undefined }),
    )
    await cancelDescendants(tx, { tenantId: 'acme', ids: [op.jobId], requestedBy: 'ada' }, 0)
    return job?.status
  }),
)

/** As with many thousands of children: all of them are left to the sweep. */
const retryParent = op.operation('retry the parent', (db) =>
  db.transaction(async (tx) => {
    await tx.run(lockJob(ada, op.jobId))
    const [job] = await tx.run(retryJob(ada, op.jobId))
    if (job?.accepted === true) await retryDescendants(tx, { tenantId: 'acme', ids: [op.jobId] }, 0)
    return job?.status
  }),
)

const cascade = op.sweep('cascade', (db) => continueCascades(op.own(db)))

const cancelChild = onTree('cancel', op.secondId, 'the child')
const retryAll = onTree('retry', op.jobId, 'all')
const retryChild = onTree('retry', op.secondId, 'the child')

const completed = attemptEnds(child, 'child completes', {
  action: 'complete',
  result: '"grown up"',
})
const failed = attemptEnds(child, 'child fails', { action: 'fail', error: op.failed })
const tripped = attemptEnds(child, 'child is rescheduled', {
  action: 'reschedule',
  error: op.failed,
  delayMs: 0,
})
const claimA = op.claim(op.workerA)
const claimB = op.claim(op.workerB)

async function running(db: TestDatabase): Promise<void> {
  await registerBoth(db)
  await db.run(insertJobs([newJob({ id: op.jobId, attempts: 2 })]))
  await claimA.work(db)
}

/** The parent is A's, the child B's. */
async function bothRunning(db: TestDatabase): Promise<void> {
  await running(db)
  await spawn.work(db)
  await claimB.work(db)
}

async function parentWaiting(db: TestDatabase): Promise<void> {
  await bothRunning(db)
  await op.suspend.work(db)
}

async function bothFailed(db: TestDatabase): Promise<void> {
  await bothRunning(db)
  await failed.work(db)
  const read = { ...waits, status: 'failed' as const, error: op.failed, finishedMsAgo: 0 }
  await db.run(pulseJobs([{ ...parent, steps: [read] }]))
  await op.fail.work(db)
}

/** Of three that go down the tree there are more orders than a night has time for. */
export const families: readonly Scenario[] = [
  {
    name: 'a running job that is about to spawn',
    setUp: running,
    operations: [spawn, cancelAll, cancelParent, cascade, op.complete, op.suspend, claimB],
    triples: [[spawn, cancelParent, cascade]],
  },
  {
    name: 'a running job whose child runs',
    setUp: bothRunning,
    operations: [op.suspend, completed, failed, tripped, cancelAll, cancelChild, wake],
    triples: [[op.suspend, completed, wake]],
  },
  {
    name: 'a running job whose child has completed',
    async setUp(db) {
      await bothRunning(db)
      await completed.work(db)
    },
    operations: [op.suspend, op.release, op.complete, wake, cancelAll],
  },
  {
    name: 'a job that waits for its child',
    setUp: parentWaiting,
    operations: [
      completed,
      failed,
      tripped,
      cancelAll,
      cancelParent,
      cascade,
      cancelChild,
      wake,
      claimA,
    ],
    triples: [
      [completed, wake, claimA],
      [completed, cancelParent, cascade],
    ],
  },
  {
    name: 'a cancelled job whose child is about to be cancelled',
    async setUp(db) {
      await parentWaiting(db)
      await tripped.work(db)
      await cancelParent.work(db)
    },
    operations: [cascade, cascade, cancelChild, retryParent, claimA, op.remove],
  },
  {
    name: 'a failed job whose child failed',
    setUp: bothFailed,
    operations: [retryAll, retryChild, cancelAll, wake, claimA],
  },
  {
    name: 'a retried job whose child is about to be retried',
    async setUp(db) {
      await bothFailed(db)
      await retryParent.work(db)
    },
    operations: [cascade, cascade, retryChild, retryParent, cancelParent, claimA],
  },
]
