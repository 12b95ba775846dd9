import { claimLimited } from '../../src/engine/worker/claim-limited.js'
import {
  cancelJob,
  claimJobs,
  type ClaimJobs,
  cutOffJobs,
  failOverdueJobs,
  deleteJob,
  finishJobs,
  insertJobs,
  type JobFinish,
  lockJob,
  type NewJob,
  type Outcome,
  type OwnDatabase,
  promoteJobs,
  pulseJobs,
  readClaim,
  readFinishes,
  rescueJobs,
  retryJob,
  roundAfter,
  sendSignal,
  sql,
  type StepPulse,
  storeStep,
  takeCleanups,
} from '../../src/postgres/index.js'
import { ada, newJob } from '../database.js'
import type { SessionDatabase, Work } from './sessions.js'

/** One thing that the engine does, and when it does it again. */
export interface Operation {
  readonly name: string
  readonly work: Work
  /** Whether it was passed over, and is sent again: as the engine's batchers, sweeps and polls do. */
  isRepeated(answer: unknown): boolean
}

export const jobId = '00000000-0000-7000-8000-000000000001'
export const secondId = '00000000-0000-7000-8000-000000000002'
export const workerA = '00000000-0000-4000-8000-00000000000a'
export const workerB = '00000000-0000-4000-8000-00000000000b'

export const failed = JSON.stringify({ code: 'no', message: 'no', context: null, retryable: true })
const held = { tenantId: 'acme', id: jobId, fence: 1 }
let claims = 100

export function operation(
  name: string,
  work: (db: SessionDatabase) => Promise<unknown>,
  isRepeated: (answer: unknown) => boolean = wasDeadlock,
): Operation {
  return { name, work, isRepeated }
}

export function wasDeadlock(answer: unknown): boolean {
  return (
    typeof answer === 'object' && answer !== null && 'failed' in answer && answer.failed === '40P01'
  )
}

export const wasPassedOver = (answer: unknown): boolean =>
  wasDeadlock(answer) || (Array.isArray(answer) && answer.length === 0)
const always = (): boolean => true

export function enqueue(name: string, job: Partial<NewJob>): Operation {
  return operation(`enqueue ${name}`, async (db) =>
    (await db.run(insertJobs([newJob(job)], 2000))).map(({ inserted }) => inserted),
  )
}

function claimOf(workerId: string): ClaimJobs {
  claims += 1
  return {
    workerId,
    number: claims,
    endedClaims: [],
    handled: [{ type: 'noop', version: 1 }],
    round: roundAfter(['noop'], undefined),
    limit: 10,
  }
}

/** Jobs of one claim come in no order: it is the one in which Postgres chose to read their rows. */
const briefly = ({ jobs }: ReturnType<typeof readClaim>): unknown[] =>
  jobs
    .map(({ id, fence, attempt }) => ({ id, fence, attempt }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))

export function claim(workerId: string): Operation {
  return operation(
    `claim by ${workerId === workerA ? 'A' : 'B'}`,
    async (db) => briefly(readClaim(await db.run(claimJobs(claimOf(workerId))))),
    wasPassedOver,
  )
}

export function claimFromLane(workerId: string): Operation {
  return operation(
    `claim from the lane by ${workerId === workerA ? 'A' : 'B'}`,
    async (db) => {
      return (await claimLimited(own(db), claimOf(workerId), oneOfTenant)).jobs.length
    },
    always,
  )
}

const unlimited = { running: undefined, rate: undefined }
const oneOfTenant = {
  perQueue: unlimited,
  perTenant: { running: 1, rate: undefined },
  perKey: unlimited,
}

/** For what takes a whole database, and uses no more of it than this. */
export function own(db: SessionDatabase): OwnDatabase {
  return { ...db, schema: 'longhaul', runScript: unused, close: unused }
}

function unused(): Promise<never> {
  return Promise.reject(new Error('not part of an operation'))
}

export function finish(name: string, outcome: Outcome): Operation {
  return finishOf(name, { ...held, outcome })
}

/** The end of one job's attempt. */
export function finishOf(name: string, finished: JobFinish): Operation {
  return operation(
    name,
    async (db) => {
      const rows = await db.run(finishJobs([finished]))
      return readFinishes([finished], rows).flatMap((answer) =>
        answer === undefined ? [] : `${answer} ${rows[0]?.readyIn ?? null}`,
      )
    },
    wasPassedOver,
  )
}

export const complete = finish('complete', { action: 'complete', result: '"done"' })
export const fail = finish('fail', { action: 'fail', error: failed })
export const reschedule = finish('reschedule', { action: 'reschedule', error: failed, delayMs: 0 })
export const release = finish('release', { action: 'release' })
export const completeByNext = finishOf('complete by the next claim', {
  ...held,
  fence: 2,
  outcome: { action: 'complete', result: '"done again"' },
})
export const suspend = finish('suspend', { action: 'suspend' })

const endOfStep = {
  running: {},
  completed: { result: '1', finishedMsAgo: 0 },
  failed: { error: failed, finishedMsAgo: 0 },
}

export function step(
  status: StepPulse['status'],
  by: 'the first claim' | 'the next claim' = 'the first claim',
): Operation {
  const stored = { key: 'one', position: 1, status, runs: 1, attempt: 1, startedMsAgo: 0 }
  const isNext = by === 'the next claim'
  const pulse = { ...held, fence: isNext ? 2 : 1, progress: isNext ? 70 : 50 }
  return operation(
    isNext ? `step ${status} by the next claim` : `step ${status}`,
    async (db) =>
      (await db.run(pulseJobs([{ ...pulse, steps: [{ ...stored, ...endOfStep[status] }] }]))).map(
        (row) => row.held,
      ),
    wasPassedOver,
  )
}

const lastStep = {
  key: 'in a transaction',
  position: 2,
  status: 'completed',
  runs: 1,
  attempt: 1,
  startedMsAgo: 0,
  finishedMsAgo: 0,
} as const

const order = sql`insert into public.orders (note) values ('by the first claim')`

function rollBack(): never {
  throw new Error('rolled back')
}

/** As a worker does it: the app writes, then the step is stored, and nothing of both when the claim is lost. */
export const transactionalStep = operation('step in a transaction', (db) =>
  db.transaction(async (tx) => {
    await tx.run(order)
    const [row] = await tx.run(storeStep(held, lastStep))
    return row?.held === true ? 'committed' : rollBack()
  }),
)

/** The same with a mistake: it looks whose the job is before the app writes, and not under its lock. */
export const stepCheckedFirst = operation(transactionalStep.name, (db) =>
  db.transaction(async (tx) => {
    const [job] = await tx.run(
      sql<{ held: boolean }>`select fence = 1 and status = 'running' as held from longhaul.jobs`,
    )
    if (job?.held !== true) rollBack()
    await tx.run(order)
    const query = storeStep(held, lastStep)
    const fence = "job.fence = input.fence and job.status = 'running' as held"
    await tx.run({ ...query, text: query.text.replace(fence, 'true as held') })
    return 'committed'
  }),
)

export const cancel = operation('cancel', (db) =>
  db.transaction(async (tx) => {
    await tx.run(lockJob(ada, jobId))
    const query = cancelJob({ principal: ada, id: jobId, reason: undefined, metadata: undefined })
    return (await tx.run(query)).map(({ accepted, status }) => ({ accepted, status }))
  }),
)

export const retry = operation('retry', (db) =>
  db.transaction(async (tx) => {
    await tx.run(lockJob(ada, jobId))
    return (await tx.run(retryJob(ada, jobId))).map(({ accepted, status }) => ({
      accepted,
      status,
    }))
  }),
)

export const remove = operation('delete', (db) =>
  db.transaction(async (tx) => {
    await tx.run(lockJob(ada, jobId))
    return (await tx.run(deleteJob(ada, jobId))).map(({ deleted }) => deleted)
  }),
)

export const signal = operation('signal', (db) =>
  db.transaction(async (tx) => {
    await tx.run(lockJob(ada, jobId))
    const sent = { principal: ada, id: jobId, name: 'go', payload: '1', idempotencyKey: undefined }
    return (await tx.run(sendSignal({ ...sent, most: 10 }))).map((row) => row.open)
  }),
)

/** Sweeps come again by themselves, so what one of them answers counts for nothing. */
export function sweep(name: string, work: (db: SessionDatabase) => Promise<unknown>): Operation {
  return operation(name, (db) => work(db).then(() => name), always)
}

export const rescue = sweep('rescue', (db) => db.run(rescueJobs({ limit: 10 })))
export const promote = sweep('promote', (db) => db.run(promoteJobs({ limit: 10 })))
export const failOverdue = sweep('fail overdue', (db) => db.run(failOverdueJobs({ limit: 10 })))
export const takeCleanup = sweep('take the clean-up', (db) =>
  db.run(takeCleanups({ handled: [{ type: 'noop', version: 1, leaseMs: 60_000 }], limit: 10 })),
)
export const cutOff = sweep('cut off', (db) => db.run(cutOffJobs({ limit: 10 })))
