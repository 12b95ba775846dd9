import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { acmeAdmin, ada, bob, grace, newJob, testDatabase } from '../../../../test/database.js'
import {
  canSee,
  type JobStatus,
  jobStatuses,
  type Principal,
  transitions,
} from '../../../core/index.js'
import type { Database } from '../../database.js'
import { runWithEpoch } from '../../epoch.js'
import { isDuplicate, sqlState } from '../../sql-state.js'
import { finishJobs } from '../work/finish-jobs.js'
import { pulseJobs } from '../work/pulse-jobs.js'
import { cancelJob } from './cancel-job.js'
import { deleteJob } from './delete-job.js'
import { findCancellations, findSteps } from './find-details.js'
import { findHolders, findJob, findJobsByKey, isJobRow } from './find-jobs.js'
import { insertJobs, insertNewJobs, readInserted } from './insert-jobs.js'
import { countJobs, listJobs } from './list-jobs.js'
import type { NewJob } from './new-job.js'
import { retryJob } from './retry-job.js'
import { sendSignal } from './send-signal.js'

const nothing = { reason: undefined, metadata: undefined }

async function insertAll(
  db: Database,
  jobs: readonly NewJob[],
): Promise<ReturnType<typeof readInserted>> {
  return readInserted(jobs, await db.run(insertJobs(jobs, 1000)))
}

/** As the jobs of `newJob` are stored. */
const stored = (different: object): object => ({
  tenant_id: 'acme',
  owner_id: 'ada',
  visibility: 'owner',
  priority: 0,
  input: null,
  metadata: null,
  tags: [],
  failed_after: null,
  ...different,
})

describe('inserting', () => {
  it('puts a job in line at once when it is due, and only then', async () => {
    const db = await testDatabase()
    const due = newJob()
    const rows = await db.run(
      insertJobs([due, newJob({ delayMs: 5000 }), newJob({ runAt: '2030-01-01T00:00:00Z' })], 1000),
    )
    expect(await db.query('select id from longhaul.ready_jobs')).toEqual([{ id: due.id }])
    expect(rows.every((row) => typeof row.epoch === 'string' || row.epoch === null)).toBe(true)
  })

  it('answers with the times of each job, in one row when they are the same', async () => {
    const db = await testDatabase()
    const plain = [newJob(), newJob({ tags: ['a'] }), newJob({ tenantId: 'globex' })]
    const runAt = '2030-01-01T00:00:00.000Z'
    const others = [newJob({ delayMs: 5000 }), newJob({ runAt }), newJob({ deadlineMs: 60_000 })]

    expect(await db.run(insertJobs(plain, 1000))).toHaveLength(1)
    const made = await insertAll(db, [newJob(), ...others])

    const createdAt = made[0]!.createdAt
    const after = (ms: number): string => new Date(Date.parse(createdAt) + ms).toISOString()
    expect(made).toEqual([
      { createdAt, runAt: createdAt, deadlineAt: null },
      { createdAt, runAt: after(5000), deadlineAt: null },
      { createdAt, runAt, deadlineAt: null },
      { createdAt, runAt: createdAt, deadlineAt: after(60_000) },
    ])
  })

  it('keeps what jobs of one statement share apart from what is of each', async () => {
    const db = await testDatabase()
    const jobs = [
      newJob({ input: '"a"', tags: ['one'] }),
      newJob({ input: '"b"' }),
      newJob({ input: '"c"', ownerId: 'bob', priority: 3, metadata: '{"x":1}' }),
      newJob({
        input: 'null',
        tenantId: 'globex',
        visibility: 'tenant',
        failedExpiresAfterMs: 1000,
      }),
    ]
    await db.run(insertJobs(jobs, 1000))

    expect(
      await db.query(
        `select tenant_id, owner_id, visibility, priority, input, metadata, tags,
                failed_expires_after::text as failed_after
         from longhaul.jobs order by tenant_id, input::text`,
      ),
    ).toEqual([
      stored({ input: 'a', tags: ['one'] }),
      stored({ input: 'b' }),
      stored({ input: 'c', owner_id: 'bob', priority: 3, metadata: { x: 1 } }),
      stored({ tenant_id: 'globex', visibility: 'tenant', failed_after: '00:00:01' }),
    ])
  })

  it('stores a plain job the same whatever stands beside it, and whether or not it can be there', async () => {
    const db = await testDatabase()
    const plain = newJob({ input: '{"n":1}', priority: 7 })
    const tagged = newJob({ tags: ['a'] })
    const rows: unknown[] = []
    for (const insert of [insertNewJobs, insertJobs]) {
      for (const beside of [[], [tagged]]) {
        const jobs = [plain, ...beside]
        const [made] = readInserted(jobs, await db.run(insert(jobs)))
        expect(made!.runAt).toBe(made!.createdAt)
        const [row] = await db.query(
          `select to_jsonb(job) - array['created_at', 'run_at'] as job, ready.priority, job.run_at = ready.run_at as ready
           from longhaul.jobs as job join longhaul.ready_jobs as ready using (tenant_id, id)
           where job.id = '${plain.id}'`,
        )
        rows.push(row)
        await db.query('delete from longhaul.ready_jobs')
        await db.query('delete from longhaul.jobs')
      }
    }
    expect(rows[0]).toMatchObject({ job: { input: { n: 1 }, tags: [] }, priority: 7, ready: true })
    for (const row of rows) expect(row).toEqual(rows[0])
  })

  it('refuses a job as new that is there already, and makes none of the others', async () => {
    const db = await testDatabase()
    const job = newJob()
    await db.run(insertNewJobs([job]))
    const again = db.run(insertNewJobs([newJob(), job])).catch((error: unknown) => error)
    expect(isDuplicate(await again)).toBe(true)
    expect(await db.query('select id from longhaul.jobs')).toEqual([{ id: job.id }])
  })

  it('inserts one job for each id and each idempotency key, within a batch too', async () => {
    const db = await testDatabase()
    const job = newJob({ idempotencyKey: 'k' })
    const made = await insertAll(db, [job, job, newJob({ idempotencyKey: 'k' })])
    expect(made.filter((each) => each !== undefined)).toHaveLength(1)
    expect(await db.query('select from longhaul.jobs')).toHaveLength(1)
  })

  it('lets two tenants use the same id and the same key without learning of each other', async () => {
    const db = await testDatabase()
    const job = newJob({ idempotencyKey: 'k' })
    const made = await insertAll(db, [job, { ...job, tenantId: 'globex' }])
    expect(made).not.toContain(undefined)
  })

  it('lets two owners of a tenant use the same key', async () => {
    const db = await testDatabase()
    const jobs = [newJob({ idempotencyKey: 'k' }), newJob({ idempotencyKey: 'k', ownerId: 'bob' })]
    expect(await insertAll(db, jobs)).not.toContain(undefined)
  })

  it('gives up on a row that another transaction is inserting, and inserts nothing', async () => {
    const db = await testDatabase()
    const contested = newJob()
    const other = await db.connect()
    await other.query('begin')
    const { text, values } = insertJobs([contested], 1000)
    await other.query(text, [...values])

    const error = await db
      .run(insertJobs([newJob(), contested], 20))
      .catch((thrown: unknown) => thrown)

    expect(sqlState(error)).toBe('55P03')
    await other.query('rollback')
    expect(await db.query('select from longhaul.jobs')).toEqual([])
  })

  it('leaves no trace of its patience on the connection', async () => {
    const db = await testDatabase()
    await db.transaction(async (tx) => {
      await tx.run(insertJobs([newJob()], 20))
    })
    for (let n = 0; n < 8; n += 1) {
      expect(await db.run({ text: 'show lock_timeout', values: [] })).toEqual([
        { lockTimeout: '0' },
      ])
    }
  })

  it('finds what holds an id or a key', async () => {
    const db = await testDatabase()
    const id = await db.insertJob({ idempotencyKey: 'k', fingerprint: 'f' })
    const byId = { tenantId: 'acme', id, ownerId: 'ada' }
    const byKey = { tenantId: 'acme', id: newJob().id, ownerId: 'ada', idempotencyKey: 'k' }
    for (const request of [byId, byKey]) {
      expect(await db.run(findHolders([request]))).toMatchObject([{ id, fingerprint: 'f' }])
    }
    expect(await db.run(findHolders([{ ...byKey, ownerId: 'bob' }]))).toEqual([])
  })
})

describe('who sees a job', () => {
  it('is the same in SQL and in TypeScript', async () => {
    const db = await testDatabase()
    const names = ['acme', 'globex'] as const
    const users = ['ada', 'bob'] as const
    const jobs = names.flatMap((tenantId) =>
      users.flatMap((ownerId) =>
        (['owner', 'tenant'] as const).map((visibility) =>
          newJob({ tenantId, ownerId, visibility }),
        ),
      ),
    )
    await db.run(insertJobs(jobs, 1000))
    const principal = fc.record({
      tenantId: fc.constantFrom(...names, 'other'),
      userId: fc.constantFrom(...users, 'eve'),
      roles: fc.subarray(['admin', 'editor']),
    })
    await fc.assert(
      fc.asyncProperty(principal, fc.constantFrom(...jobs), async (who: Principal, job) => {
        const [row] = await db.run(findJob(who, job.id))
        expect(isJobRow(row!)).toBe(canSee(who, job))
      }),
      { numRuns: 150 },
    )
  })

  it('tells nothing about a job of another tenant, whatever is tried', async () => {
    const db = await testDatabase()
    const id = await db.insertJob()
    await db.claim({ workerId: await db.registerWorker() })
    expect(await db.run(cancelJob({ principal: grace, id, ...nothing }))).toEqual([])
    expect(await db.run(retryJob(grace, id))).toEqual([])
    expect(await db.run(deleteJob(grace, id))).toEqual([])
    expect(await db.run(findSteps(grace, id))).toEqual([])
    expect(await db.run(findCancellations(grace, id))).toEqual([])
    expect(
      await db.query('select status, version, cancel_requested_at from longhaul.jobs'),
    ).toEqual([{ status: 'running', version: 2, cancel_requested_at: null }])
  })
})

describe('lists', () => {
  it('shows own jobs, all visible ones, or those of a filter, newest first and page by page', async () => {
    const db = await testDatabase()
    const mine: string[] = []
    // Two of one millisecond would be in the order of their ids.
    const insert = async (job: Partial<NewJob>): Promise<string> => {
      await db.query(
        `update longhaul.jobs set created_at = created_at - interval '1 s', version = version + 1`,
      )
      return db.insertJob(job)
    }
    for (let n = 0; n < 5; n += 1) mine.unshift(await insert({ tags: [`t${n % 2}`, 'x'] }))
    const shared = await insert({
      ownerId: 'bob',
      visibility: 'tenant',
      type: 'other',
      queue: 'other',
    })
    const hidden = await insert({ ownerId: 'bob' })
    await insert({ tenantId: 'globex', ownerId: 'ada', visibility: 'tenant' })
    const ids = async (list: Parameters<typeof listJobs>[0]): Promise<string[]> =>
      (await db.run(listJobs(list))).filter(isJobRow).map((job) => job.id)

    expect(await ids({ principal: ada, selection: {}, limit: 10 })).toEqual(mine)
    expect(await ids({ principal: ada, selection: { scope: 'visible' }, limit: 10 })).toEqual([
      shared,
      ...mine,
    ])
    expect(await ids({ principal: acmeAdmin, selection: { scope: 'visible' }, limit: 10 })).toEqual(
      [hidden, shared, ...mine],
    )
    expect(
      await ids({ principal: ada, selection: { scope: 'visible', type: ['other'] }, limit: 10 }),
    ).toEqual([shared])
    expect(await ids({ principal: ada, selection: { tags: ['x', 't1'] }, limit: 10 })).toHaveLength(
      2,
    )

    const [first, second] = (
      await db.run(listJobs({ principal: ada, selection: {}, limit: 2 }))
    ).filter(isJobRow)
    expect([first!.id, second!.id]).toEqual(mine.slice(0, 2))
    expect(await ids({ principal: ada, selection: {}, limit: 10, after: second! })).toEqual(
      mine.slice(2),
    )
  })

  it('pages through jobs of one moment without losing or repeating any', async () => {
    const db = await testDatabase()
    await db.run(
      insertJobs(
        Array.from({ length: 23 }, () => newJob()),
        1000,
      ),
    )
    const seen: string[] = []
    let after: { createdAt: string; id: string } | undefined
    do {
      const page = (
        await db.run(listJobs({ principal: ada, selection: {}, after, limit: 5 }))
      ).filter(isJobRow)
      seen.push(...page.map((job) => job.id))
      after = page.at(-1)
    } while (after !== undefined)
    expect(seen).toHaveLength(23)
    expect(new Set(seen).size).toBe(23)
  })

  it('counts by status, whatever status is filtered, and says when it stopped', async () => {
    const db = await testDatabase()
    await db.run(
      insertJobs(
        Array.from({ length: 7 }, () => newJob()),
        1000,
      ),
    )
    await db.claim({ workerId: await db.registerWorker(), limit: 3 })
    expect(await db.run(countJobs(ada, { status: ['running'] }, 100))).toEqual(
      expect.arrayContaining([
        { status: 'queued', count: 4, capped: false },
        { status: 'running', count: 3, capped: false },
      ]),
    )
    expect((await db.run(countJobs(ada, {}, 5)))[0]).toMatchObject({ capped: true })
  })

  it('answers with the epoch when there is no job', async () => {
    const db = await testDatabase()
    const { epoch, rows } = await runWithEpoch(
      db,
      listJobs({ principal: ada, selection: {}, limit: 5 }),
    )
    expect(epoch).toMatch(/^[0-9a-f]+-[0-9a-f]{12}$/)
    expect(rows.filter(isJobRow)).toEqual([])
    expect((await runWithEpoch(db, findJobsByKey([]))).epoch).toBe(epoch)
  })
})

describe('cancelling', () => {
  it('settles a queued job at once and takes it out of the line', async () => {
    const db = await testDatabase()
    const id = await db.insertJob()

    const [row] = await db.run(
      cancelJob({ principal: ada, id, reason: 'changed my mind', metadata: '{"from":"list"}' }),
    )

    expect(row).toMatchObject({ accepted: true, status: 'cancelled', version: 2, workerId: null })
    expect(await db.query('select from longhaul.ready_jobs')).toEqual([])
    expect(await db.query('select from longhaul.expiries')).toHaveLength(1)
    expect(await db.run(findCancellations(ada, id))).toMatchObject([
      {
        requestedBy: 'ada',
        reason: 'changed my mind',
        metadata: { from: 'list' },
        status: 'processed',
      },
    ])
  })

  it('records a request for a running job, each time it is asked', async () => {
    const db = await testDatabase()
    const id = await db.insertJob()
    const workerId = await db.registerWorker()
    await db.claim({ workerId })

    const [first] = await db.run(cancelJob({ principal: ada, id, ...nothing }))
    const [second] = await db.run(cancelJob({ principal: acmeAdmin, id, ...nothing }))

    expect(first).toMatchObject({ accepted: true, status: 'running', workerId })
    expect(second!.cancelRequestedAt).toBe(first!.cancelRequestedAt)
    expect(await db.run(findCancellations(ada, id))).toMatchObject([
      { requestedBy: 'ada', status: 'pending' },
      { requestedBy: 'zoe', status: 'pending' },
    ])
  })

  it('changes nothing about a job that has settled', async () => {
    const db = await testDatabase()
    const id = await db.insertJob()
    await db.run(cancelJob({ principal: ada, id, ...nothing }))

    expect(await db.run(cancelJob({ principal: ada, id, ...nothing }))).toMatchObject([
      { accepted: false, status: 'cancelled', version: 2 },
    ])
    expect(await db.run(findCancellations(ada, id))).toHaveLength(1)
  })

  it('takes a job out of the line that was not due yet', async () => {
    const db = await testDatabase()
    const id = await db.insertJob({ delayMs: 60_000 })
    await db.run(cancelJob({ principal: ada, id, ...nothing }))
    expect(await db.query('select status, promote_at from longhaul.jobs')).toEqual([
      { status: 'cancelled', promote_at: null },
    ])
  })
})

describe('retrying', () => {
  it('adds the policy of attempts, keeps finished steps and forgets the cancellation', async () => {
    const db = await testDatabase()
    const id = await db.insertJob({ attempts: 2 })
    const [job] = await db.claim({ workerId: await db.registerWorker() })
    const step = { key: 'plan', position: 0, status: 'completed', runs: 1, attempt: 1 } as const
    await db.run(
      pulseJobs([
        { ...job!, steps: [{ ...step, result: '1', startedMsAgo: 2, finishedMsAgo: 1 }] },
      ]),
    )
    const error = '{"code":"x","message":"no","context":null,"retryable":false}'
    await db.run(finishJobs([{ ...job!, outcome: { action: 'fail', error } }]))

    const [row] = await db.run(retryJob(ada, id))

    expect(row).toMatchObject({
      accepted: true,
      status: 'queued',
      attempt: 1,
      maxAttempts: 3,
      error: null,
      progress: 0,
      finishedAt: null,
      expiresAt: null,
      cancelRequestedAt: null,
    })
    expect(await db.run(findSteps(ada, id))).toMatchObject([
      { key: 'plan', status: 'completed', runs: 1 },
    ])
    expect(
      await db.query('select jsonb_array_length(attempts) as kept from longhaul.jobs'),
    ).toEqual([{ kept: 1 }])
    expect(await db.claim({ workerId: await db.registerWorker() })).toMatchObject([
      { id, attempt: 2, fence: 2 },
    ])
  })

  it.each(jobStatuses.filter((status) => !('retry' in transitions[status])))(
    'is refused while the job is %s',
    async (status: JobStatus) => {
      const db = await testDatabase()
      const id = await db.insertJob()
      const [job] = await db.claim({ workerId: await db.registerWorker() })
      if (status === 'queued')
        await db.run(finishJobs([{ ...job!, outcome: { action: 'release' } }]))
      if (status === 'completed') {
        await db.run(finishJobs([{ ...job!, outcome: { action: 'complete', result: '1' } }]))
      }
      if (status === 'waiting') {
        await db.query(
          `update longhaul.jobs set status = 'waiting', worker_id = null, version = version + 1`,
        )
      }
      expect(await db.run(retryJob(ada, id))).toMatchObject([{ accepted: false, status }])
    },
  )
})

describe('sending a signal', () => {
  it('says where a job is ready, for a claim can have passed it over meanwhile', async () => {
    const db = await testDatabase()
    const signal = { principal: ada, name: 'go', payload: '1', idempotencyKey: undefined, most: 9 }
    const ready = await db.insertJob()
    const later = await db.insertJob({ delayMs: 60_000 })
    expect(await db.run(sendSignal({ ...signal, id: ready }))).toMatchObject([{ readyIn: 'noop' }])
    expect(await db.run(sendSignal({ ...signal, id: later }))).toMatchObject([{ readyIn: null }])
  })
})

describe('deleting', () => {
  it('removes a settled job with its steps and cancellations, and no other', async () => {
    const db = await testDatabase()
    const id = await db.insertJob()
    const other = await db.insertJob({ ownerId: 'bob' })
    expect(await db.run(deleteJob(ada, id))).toMatchObject([{ deleted: false, status: 'queued' }])
    await db.run(cancelJob({ principal: ada, id, ...nothing }))
    await db.run(cancelJob({ principal: bob, id: other, ...nothing }))

    expect(await db.run(deleteJob(ada, id))).toMatchObject([{ deleted: true }])

    expect(await db.query('select id from longhaul.jobs')).toEqual([{ id: other }])
    expect(await db.query('select job_id from longhaul.cancellations')).toEqual([{ job_id: other }])
  })
})
