import { describe, expect, it } from 'vitest'
import { ada, type TestDatabase, testDatabase } from '../../../../test/database.js'
import { deleteJob } from '../jobs/delete-job.js'
import { finishJobs } from '../work/finish-jobs.js'
import type { HeldJob } from '../work/pulse-jobs.js'
import { compactStreams } from './compact-streams.js'
import { findStreamHeads } from './find-stream-heads.js'
import { readStreams, type StreamPlace } from './read-streams.js'
import { type NewChunk, writeChunks, type WrittenRow } from './write-chunks.js'

interface TestStream {
  readonly db: TestDatabase
  readonly job: HeldJob
  write(...chunks: Partial<NewChunk>[]): Promise<readonly WrittenRow[]>
  /** What follows: chunks as `seq:values`, resets as `seq!steps`, a new beginning as `restarted`. */
  read(after?: number, place?: Partial<StreamPlace>): Promise<string[]>
  settle(action?: 'complete' | 'fail'): Promise<void>
}

async function testStream(): Promise<TestStream> {
  const db = await testDatabase()
  await db.insertJob()
  const [job] = await db.claim({ workerId: await db.registerWorker() })
  const { tenantId, id, fence } = job!
  return {
    db,
    job: { tenantId, id, fence },
    write: (...chunks) =>
      db.run(
        writeChunks([
          {
            tenantId,
            id,
            fence,
            chunks: chunks.map((chunk) => ({
              stream: 'output',
              seq: 1,
              content: `["${chunk.seq ?? 1}"]`,
              ...chunk,
            })),
          },
        ]),
      ),
    async read(after = 0, place = {}) {
      const rows = await db.run(readStreams([{ tenantId, id, stream: 'output', after, ...place }]))
      const shown: string[] = []
      for (const row of rows) {
        if (row.ownerId === null || row.seq === null) continue
        if (row.restarted && shown.length === 0) shown.push('restarted')
        const values = (JSON.parse(row.content ?? '[]') as string[]).join('')
        shown.push(row.keep === null ? `${row.seq}:${values}` : `${row.seq}!${row.keep.join()}`)
      }
      return shown
    },
    async settle(action = 'complete') {
      const outcome =
        action === 'complete'
          ? ({ action, result: '1' } as const)
          : ({
              action,
              error: '{"code":"x","message":"x","context":null,"retryable":false}',
            } as const)
      await db.run(finishJobs([{ tenantId, id, fence, outcome }]))
      await db.run(compactStreams([{ tenantId, id }]))
    },
  }
}

async function completeStep({ db, job }: TestStream, key: string): Promise<void> {
  await db.query(
    `insert into longhaul.steps (tenant_id, job_id, key, position, status, runs, attempt, started_at, finished_at)
     values ($1, $2, $3, 1, 'completed', 1, 1, now(), now())`,
    [job.tenantId, job.id, key],
  )
}

describe('chunks', () => {
  it('are read in order, after the last that the reader has', async () => {
    const { write, read } = await testStream()
    await write({ seq: 1 }, { seq: 2 })
    await write({ seq: 3 })
    expect(await read()).toEqual(['1:1', '2:2', '3:3'])
    expect(await read(2)).toEqual(['3:3'])
    expect(await read(3)).toEqual([])
  })

  it('may be sent again after a lost answer', async () => {
    const { write, read } = await testStream()
    await write({ seq: 1 })
    expect(await write({ seq: 1 }, { seq: 2 })).toMatchObject([{ held: true }])
    expect(await read()).toEqual(['1:1', '2:2'])
  })

  it('are refused from a claim that was lost', async () => {
    const { db, job, write, read } = await testStream()
    await db.query('update longhaul.jobs set fence = fence + 1, version = version + 1')
    expect(await write({ seq: 1 })).toEqual([{ ...job, held: false }])
    expect(await read()).toEqual([])
  })

  it('pass a locked job over, to be sent again', async () => {
    const { db, write, read } = await testStream()
    const other = await db.connect()
    await other.query('begin; select from longhaul.jobs for update')
    expect(await write({ seq: 1 })).toEqual([])
    await other.query('commit')
    expect(await read()).toEqual([])
  })

  it('come a page at a time, and a place for each that asks', async () => {
    const { db, job, write } = await testStream()
    const large = JSON.stringify(['x'.repeat(200_000)])
    await write({ seq: 1, content: large }, { seq: 2, content: large }, { seq: 3, content: large })
    await write({ stream: 'log', seq: 1 })
    const rows = await db.run(
      readStreams([
        { ...job, stream: 'output', after: 0 },
        { ...job, stream: 'log', after: 0 },
        { ...job, stream: 'none', after: 0 },
        { tenantId: 'globex', id: job.id, stream: 'output', after: 0 },
      ]),
    )
    const seen = rows.map((row) => (row.ownerId === null ? null : [row.place, row.head, row.seq]))
    expect(seen).toEqual([[1, 3, 1], [1, 3, 2], [2, 1, 1], [3, 0, null], null])
  })

  it('go with their job', async () => {
    const stream = await testStream()
    await stream.write({ seq: 1 })
    await stream.settle()
    await stream.db.run(deleteJob(ada, stream.job.id))
    expect(await stream.db.query('select from longhaul.stream_chunks')).toEqual([])
  })
})

describe('a reset', () => {
  it('keeps what finished steps wrote, drops the rest, and tells those who have it', async () => {
    const stream = await testStream()
    await completeStep(stream, 'research')
    await stream.write({ seq: 1, step: 'research' }, { seq: 2, step: 'plan' }, { seq: 3 })
    const [head] = await stream.db.run(findStreamHeads([stream.job]))
    expect(head).toMatchObject({ seq: 3, isStale: true, finishedSteps: ['research'] })

    await stream.write({ seq: 4, keep: ['research'], content: '[]' }, { seq: 5, step: 'plan' })

    expect(await stream.read()).toEqual(['1:1', '4!research', '5:5'])
    expect(await stream.read(2)).toEqual(['4!research', '5:5'])
  })

  it('is not needed when only finished steps have written', async () => {
    const stream = await testStream()
    await completeStep(stream, 'research')
    await stream.write({ seq: 1, step: 'research' })
    expect(await stream.db.run(findStreamHeads([stream.job]))).toMatchObject([{ isStale: false }])
  })
})

describe('compacting', () => {
  it('puts the chunks of a settled job together, and starts over whoever stopped in between', async () => {
    const stream = await testStream()
    await stream.write({ seq: 1 }, { seq: 2 }, { seq: 3, step: 'plan' }, { seq: 4, step: 'plan' })
    await stream.settle()
    expect(await stream.read()).toEqual(['2:12', '4:34'])
    expect(await stream.read(1)).toEqual(['restarted', '2:12', '4:34'])
    expect(await stream.read(2)).toEqual(['4:34'])
    expect(await stream.read(4)).toEqual([])
  })

  it('leaves the stream of a job that has not settled as it is', async () => {
    const stream = await testStream()
    await stream.write({ seq: 1 }, { seq: 2 })
    await stream.db.run(compactStreams([stream.job]))
    expect(await stream.read()).toEqual(['1:1', '2:2'])
  })

  it('starts over whoever may hold what a reset dropped, once', async () => {
    const stream = await testStream()
    await completeStep(stream, 'a')
    await stream.write({ seq: 1, step: 'b' }, { seq: 2, step: 'a' })
    await stream.write({ seq: 3, keep: ['a'], content: '[]' }, { seq: 4, step: 'b' })
    await stream.settle()
    expect(await stream.read()).toEqual(['5:2', '6:4'])
    for (const place of [1, 2, 3, 4]) {
      expect(await stream.read(place)).toEqual(['restarted', '5:2', '6:4'])
    }
    expect(await stream.read(5)).toEqual(['6:4'])
    expect(await stream.read(6)).toEqual([])
  })

  it('keeps the last number when nothing is left, so that a retry does not give it again', async () => {
    const stream = await testStream()
    await stream.write({ seq: 1 }, { seq: 2 })
    await stream.write({ seq: 3, keep: [], content: '[]' })
    await stream.settle('fail')
    expect(await stream.db.run(findStreamHeads([stream.job]))).toMatchObject([{ seq: 3 }])
    expect(await stream.read(1)).toEqual(['restarted', '3:'])
  })
})

describe('a place', () => {
  it('of another job that had the id, or beyond the end, begins again', async () => {
    const { write, read } = await testStream()
    await write({ seq: 1 }, { seq: 2 })
    expect(await read(1, { createdAt: '2020-01-01T00:00:00.000Z' })).toEqual([
      'restarted',
      '1:1',
      '2:2',
    ])
    expect(await read(7)).toEqual(['restarted', '1:1', '2:2'])
  })

  it('is looked up by the primary key', async () => {
    const { db, job } = await testStream()
    await db.run({
      text: `insert into longhaul.stream_chunks (tenant_id, job_id, stream, seq, first_seq, content)
      select 'acme', gen_random_uuid(), 'output', 1, 1, '[1]' from generate_series(1, 5000)`,
      values: [],
    })
    const query = readStreams([{ ...job, stream: 'output', after: 0 }])
    const plan = await db.run({ text: `explain ${query.text}`, values: query.values })
    expect(JSON.stringify(plan)).toContain('stream_chunks_pkey')
    expect(JSON.stringify(plan)).not.toContain('Seq Scan on stream_chunks')
  })
})
