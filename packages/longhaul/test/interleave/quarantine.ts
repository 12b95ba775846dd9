/** What happens to two jobs that were lost twice in a row with their process, and that wait for each other. */
import { insertJobs, letJobsOut } from '../../src/postgres/index.js'
import { newJob, type TestDatabase } from '../database.js'
import * as op from './operations.js'
import { attemptEnds, onTree, registerBoth } from './relatives.js'
import type { Scenario } from './scenarios.js'

/** As the sweep does, until nobody else may be let out. */
const letOut = op.sweep('let out', async (db) => {
  while ((await db.run(letJobsOut({ trialMs: 30_000 })))[0]!.passed > 0);
})
const onTrial = { id: op.jobId, fence: 3 }
const completes = attemptEnds(onTrial, 'the one on trial completes', {
  action: 'complete',
  result: '1',
})
const fails = attemptEnds(onTrial, 'the one on trial is rescheduled', {
  action: 'reschedule',
  error: op.failed,
  delayMs: 0,
})
const handsBack = attemptEnds({ id: op.jobId, fence: 2 }, 'the first is handed back', {
  action: 'release',
})
const cancelFirst = onTree('cancel', op.jobId, 'the first')
const retryFirst = onTree('retry', op.jobId, 'the first')
const claimA = op.claim(op.workerA)
const claimB = op.claim(op.workerB)

/** Both are A's; the time before they were lost with B. */
async function runningAgain(db: TestDatabase): Promise<void> {
  await registerBoth(db)
  await db.run(insertJobs([op.jobId, op.secondId].map((id) => newJob({ id, attempts: 3 }))))
  await claimB.work(db)
  await db.expireLease(op.workerB)
  await op.rescue.work(db)
  await claimA.work(db)
}

/** The first of them was handed back in between, so that two claims of A name it. */
async function claimedTwice(db: TestDatabase): Promise<void> {
  await runningAgain(db)
  await handsBack.work(db)
  await claimA.work(db)
  await db.expireLease(op.workerA)
}

async function lostAgain(db: TestDatabase): Promise<void> {
  await runningAgain(db)
  await db.expireLease(op.workerA)
}

async function quarantined(db: TestDatabase): Promise<void> {
  await lostAgain(db)
  await op.rescue.work(db)
  await db.query(`update longhaul.workers set lease_expires_at = now() + interval '10 minutes'`)
}

async function tried(db: TestDatabase): Promise<void> {
  await quarantined(db)
  await letOut.work(db)
  await op.promote.work(db)
  await claimA.work(db)
}

export const quarantines: readonly Scenario[] = [
  {
    name: 'two running jobs that were lost before, of a worker that died',
    setUp: lostAgain,
    operations: [op.rescue, op.rescue, cancelFirst, letOut, claimB],
    triples: [[op.rescue, cancelFirst, letOut]],
  },
  {
    name: 'two running jobs that were lost before, of which a worker that died had claimed one twice',
    setUp: claimedTwice,
    operations: [op.rescue, op.rescue, handsBack, cancelFirst, letOut, claimB],
  },
  {
    name: 'two jobs in quarantine',
    setUp: quarantined,
    operations: [letOut, letOut, op.promote, claimA, cancelFirst, op.remove],
    triples: [
      [letOut, op.promote, claimA],
      [letOut, cancelFirst, retryFirst],
    ],
  },
  {
    name: 'two jobs in quarantine, one on trial',
    setUp: tried,
    operations: [letOut, letOut, completes, fails, cancelFirst, op.promote, claimB],
    triples: [[letOut, completes, claimB]],
  },
  {
    name: 'two jobs in quarantine, of which the one on trial is lost',
    async setUp(db) {
      await tried(db)
      await db.expireLease(op.workerA)
    },
    operations: [op.rescue, letOut, completes, fails, cancelFirst, claimB],
  },
]
