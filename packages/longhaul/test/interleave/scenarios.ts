import { insertJobs } from '../../src/postgres/index.js'
import { newJob, type TestDatabase } from '../database.js'
import * as op from './operations.js'
import type { Operation } from './operations.js'
import { registerBoth } from './relatives.js'

/** A state of the database, and what can happen in it: any two of these at the same time, or these three. */
export interface Scenario {
  readonly name: string
  setUp(db: TestDatabase): Promise<void>
  readonly operations: readonly Operation[]
  readonly triples?: readonly (readonly [Operation, Operation, Operation])[]
}

const { claim, complete, fail, reschedule, release, suspend, cancel, retry, signal, rescue } = op
const claimA = claim(op.workerA)
const claimB = claim(op.workerB)

async function queued(db: TestDatabase, job = {}): Promise<void> {
  await registerBoth(db)
  await db.run(insertJobs([newJob({ id: op.jobId, attempts: 2, ...job })]))
}

/** By worker A, under fence 1. It has come to wait for a signal. */
async function running(db: TestDatabase): Promise<void> {
  await queued(db)
  await claimA.work(db)
  await db.query(
    `insert into longhaul.steps (tenant_id, job_id, key, position, status, runs, attempt, started_at, kind, signal_name)
     values ('acme', $1, 'go', 1, 'running', 1, 1, now(), 'signal', 'go')`,
    [op.jobId],
  )
}

async function orphaned(db: TestDatabase): Promise<void> {
  await running(db)
  await db.expireLease(op.workerA)
}

async function waiting(db: TestDatabase): Promise<void> {
  await running(db)
  await suspend.work(db)
}

const due = `update longhaul.jobs set promote_at = now() - interval '1 second'`

const overdue = `
  update longhaul.jobs
  set start_by = start_by - interval '2 hours', deadline_at = deadline_at - interval '2 hours',
      version = version + 1`

export const scenarios: readonly Scenario[] = [
  {
    name: 'nothing',
    setUp: async () => undefined,
    operations: [
      op.enqueue('a job', { id: op.jobId, idempotencyKey: 'k' }),
      op.enqueue('another under its key', { id: op.secondId, idempotencyKey: 'k' }),
      op.enqueue('the id and key of another tenant', {
        id: op.jobId,
        idempotencyKey: 'k',
        tenantId: 'globex',
      }),
    ],
  },
  {
    name: 'a queued job',
    setUp: queued,
    operations: [claimA, claimB, cancel, signal, op.remove, retry],
    triples: [[claimA, claimB, cancel]],
  },
  {
    name: 'a job whose time has come',
    async setUp(db) {
      await queued(db, { delayMs: 3_600_000 })
      await db.query(due)
    },
    operations: [op.promote, claimA, cancel, signal],
    triples: [[op.promote, claimA, cancel]],
  },
  {
    name: 'a running job',
    setUp: running,
    operations: [
      op.step('running'),
      op.step('completed'),
      op.step('failed'),
      op.transactionalStep,
      complete,
      fail,
      reschedule,
      release,
      suspend,
      cancel,
      signal,
      claimB,
      rescue,
    ],
    triples: [[suspend, signal, claimB]],
  },
  {
    name: 'a running job of a worker that died',
    setUp: orphaned,
    operations: [
      rescue,
      op.step('completed'),
      op.transactionalStep,
      complete,
      fail,
      suspend,
      cancel,
      signal,
      claimA,
      claimB,
    ],
    triples: [[rescue, complete, claimB]],
  },
  {
    name: 'a running job of a worker that died, in its last attempt',
    async setUp(db) {
      await orphaned(db)
      await db.query('update longhaul.jobs set max_attempts = 1, version = version + 1')
    },
    operations: [rescue, complete, reschedule, cancel],
  },
  {
    name: 'a job that is under its next claim',
    async setUp(db) {
      await orphaned(db)
      await rescue.work(db)
      await claimB.work(db)
    },
    operations: [op.step('completed'), op.transactionalStep, complete, suspend, cancel, rescue],
  },
  {
    name: 'a job that its worker has claimed again, beside writes of its first claim',
    async setUp(db) {
      await running(db)
      await release.work(db)
      await claimA.work(db)
    },
    operations: [
      op.step('completed'),
      op.transactionalStep,
      complete,
      suspend,
      op.step('completed', 'the next claim'),
      op.completeByNext,
      cancel,
    ],
    triples: [[op.step('completed'), op.step('completed', 'the next claim'), complete]],
  },
  {
    name: 'a running job whose cancellation was asked for and whose grace is over',
    async setUp(db) {
      await running(db)
      await cancel.work(db)
      await db.query(`update longhaul.cancellations set cut_off_at = now() - interval '1 second'`)
    },
    operations: [op.cutOff, complete, reschedule, suspend, op.step('completed'), cancel, retry],
    triples: [[op.cutOff, complete, retry]],
  },
  {
    name: 'a queued job whose time is over',
    async setUp(db) {
      await queued(db, { startWithinMs: 3_600_000 })
      await db.query(overdue)
    },
    operations: [op.failOverdue, claimA, cancel, signal, retry],
    triples: [[op.failOverdue, claimA, retry]],
  },
  {
    name: 'a running job whose deadline and grace are over',
    async setUp(db) {
      await queued(db, { deadlineMs: 3_600_000, cancelGraceMs: 0 })
      await claimA.work(db)
      await db.query(overdue)
    },
    operations: [op.failOverdue, complete, reschedule, suspend, cancel, signal, claimB],
    triples: [[op.failOverdue, reschedule, claimB]],
  },
  {
    name: 'a job that waits for a signal',
    setUp: waiting,
    operations: [signal, signal, cancel, claimB, op.promote],
    triples: [[signal, claimB, cancel]],
  },
  {
    name: 'a waiting job whose time has come',
    async setUp(db) {
      await waiting(db)
      await db.query(due)
    },
    operations: [op.promote, signal, cancel, claimB],
  },
  {
    name: 'a cancelled job that is to be cleaned up',
    async setUp(db) {
      await queued(db, { cleansUp: true })
      await claimA.work(db)
      await suspend.work(db)
      await cancel.work(db)
    },
    operations: [op.takeCleanup, retry, op.remove, cancel, claimB],
    triples: [[op.takeCleanup, retry, claimB]],
  },
  {
    name: 'a failed job',
    async setUp(db) {
      await running(db)
      await fail.work(db)
    },
    operations: [retry, retry, op.remove, cancel, claimB],
  },
  {
    name: 'two jobs of a lane that has room for one',
    async setUp(db) {
      await queued(db)
      await db.run(insertJobs([newJob({ id: op.secondId })]))
      await db.query(
        `insert into longhaul.lanes (queue, tenant_id, key) values ('noop', 'acme', '')`,
      )
    },
    operations: [op.claimFromLane(op.workerA), op.claimFromLane(op.workerB)],
  },
]
