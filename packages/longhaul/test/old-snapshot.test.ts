import { expect, it } from 'vitest'
import { claimJobs, insertJobs, roundAfter } from '../src/postgres/index.js'
import { newJob, testDatabase } from './database.js'
import { isLong } from './seed.js'

const settled = isLong ? 1_000_000 : 20_000
const batches = isLong ? 40 : 4
const ofBatch = 500

it(
  'F37: claims through the entries that an old snapshot keeps, and reads no settled job',
  { timeout: isLong ? 600_000 : 60_000 },
  async () => {
    const db = await testDatabase()
    for (const table of ['jobs', 'ready_jobs', 'claims'])
      await db.query(`alter table longhaul.${table} set (autovacuum_enabled = off)`)
    await db.query(
      `insert into longhaul.jobs (tenant_id, id, owner_id, visibility, type, type_version, queue, input,
         max_attempts, attempts_per_retry, cancel_grace, expires_after, status, result, finished_at, expires_at)
       select 'acme', gen_random_uuid(), 'ada', 'owner', 'noop', 1, 'noop', '{}', 5, 5, '1s', '1d',
         'completed', '1', now(), now() from generate_series(1, $1)`,
      [settled],
    )
    const old = await db.connect()
    await old.query('begin isolation level repeatable read')
    await old.query('select')
    const workerId = await db.registerWorker()
    const jobs = (count: number): ReturnType<typeof newJob>[] =>
      Array.from({ length: count }, () => newJob())
    for (let n = 0; n < batches; n += 1) {
      await db.run(insertJobs(jobs(ofBatch), 1000))
      expect(await db.claim({ workerId, limit: ofBatch })).toHaveLength(ofBatch)
    }

    await db.run(insertJobs(jobs(10), 1000))
    const { text, values } = claimJobs({
      workerId,
      number: 1_000_000,
      endedClaims: [],
      handled: [{ type: 'noop', version: 1 }],
      round: roundAfter(['noop'], undefined),
      limit: 10,
    })
    const [row] = await db.run<Record<string, readonly [Explained]>>({
      text: `explain (analyze, format json) ${text}`,
      values,
    })
    const [[{ Plan: plan, 'Execution Time': tookMs }]] = Object.values(row!) as [[Explained]]
    console.info(`a claim of 10 jobs through ${batches * ofBatch} dead entries took ${tookMs} ms`)
    expect(rowsReadOf('jobs', plan)).toBeLessThan(100)
  },
)

interface Node {
  readonly 'Relation Name'?: string
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Rows Removed by Filter'?: number
  readonly Plans?: readonly Node[]
}

interface Explained {
  readonly Plan: Node
  readonly 'Execution Time': number
}

function rowsReadOf(table: string, node: Node): number {
  const each = node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)
  const here = node['Relation Name'] === table ? each * node['Actual Loops'] : 0
  return (node.Plans ?? []).reduce((sum, below) => sum + rowsReadOf(table, below), here)
}
