import { describe, expect, it } from 'vitest'
import { ada } from '../../../../test/database.js'
import {
  deferred,
  testEngine,
  type TestEngine,
  testJob,
  untilAborted,
} from '../../../../test/engine.js'
import { JobFailure, limits } from '../../../core/index.js'
import { readStreams } from '../../../postgres/index.js'

interface Read {
  readonly values: unknown[]
  readonly resets: (readonly string[])[]
  readonly chunks: number
}

/** A stream from its start, as it is stored now. */
async function read({ db }: TestEngine, id: string, stream = 'output'): Promise<Read> {
  const rows = await db.run(readStreams([{ tenantId: 'acme', id, stream, after: 0 }]))
  const chunks = rows.flatMap((row) => (row.ownerId === null || row.seq === null ? [] : [row]))
  return {
    values: chunks.flatMap(({ content }) => JSON.parse(content!) as unknown[]),
    resets: chunks.flatMap(({ keep }) => (keep === null ? [] : [keep])),
    chunks: chunks.length,
  }
}

describe('a stream', () => {
  it('is stored in the order of writing, whatever the number of chunks', async () => {
    const engine = await testEngine([
      testJob('count', async ({ stream }) => {
        for (let n = 0; n < 500; n += 1) {
          stream.write(n)
          if (n % 100 === 0) await stream.flush()
        }
        stream('log').write({ done: true })
      }),
    ])
    await engine.startWorker()
    const id = await engine.enqueue('count')
    await engine.until(id, 'completed')
    const { values, chunks } = await read(engine, id)
    expect(values).toEqual(Array.from({ length: 500 }, (_, n) => n))
    expect(chunks).toBeLessThan(20)
    expect((await read(engine, id, 'log')).values).toEqual([{ done: true }])
  })

  it('shows its first value while the handler goes on', async () => {
    const gate = deferred()
    const engine = await testEngine([
      testJob('slow', async ({ stream }) => {
        stream.write('first')
        await gate.promise
      }),
    ])
    const written = new Promise<void>((resolve) => {
      engine.hints.subscribe((hint) => hint.streams !== undefined && resolve())
    })
    await engine.startWorker()
    const id = await engine.enqueue('slow')
    await written
    expect((await read(engine, id)).values).toEqual(['first'])
    gate.resolve()
    await engine.until(id, 'completed')
  })

  it('writes at most twenty chunks in a second', async () => {
    const engine = await testEngine([
      testJob('busy', async ({ stream }) => {
        const end = performance.now() + 500
        while (performance.now() < end) {
          stream.write('x')
          await new Promise((resolve) => setTimeout(resolve, 2))
        }
      }),
    ])
    await engine.startWorker()
    const id = await engine.enqueue('busy')
    await engine.until(id, 'completed')
    expect((await read(engine, id)).chunks).toBeLessThanOrEqual(13)
  })
})

describe('a job that is tried again', () => {
  it('keeps what its finished steps wrote, once, and writes the rest again', async () => {
    let failed = false
    const engine = await testEngine([
      testJob('essay', async ({ stream, step }) => {
        stream.write('draft ')
        await step('one', async () => {
          stream.write('one ')
          await Promise.resolve()
          stream.write('more ')
        })
        await step('two', () => {
          stream.write('two ')
          if (failed) return
          failed = true
          throw new Error('once')
        })
      }),
    ])
    await engine.startWorker()
    const id = await engine.enqueue('essay')
    await engine.until(id, 'completed')
    const { values, resets } = await read(engine, id)
    expect(values.join('')).toBe('one more draft two ')
    expect(resets).toEqual([['one']])
  })

  it('refuses what the attempt before still writes', async () => {
    const left = deferred()
    let first = true
    const engine = await testEngine([
      testJob('haunted', async ({ stream, signal }) => {
        if (!first) {
          stream.write('new')
          await stream.flush()
          left.resolve()
          return
        }
        first = false
        stream.write('old')
        await untilAborted(signal).catch(() => undefined)
        await left.promise
        stream.write('ghost')
      }),
    ])
    await engine.startWorker({ leaseMs: 1000, pollMs: 100 })
    const id = await engine.enqueue('haunted')
    await engine.untilJob(id, ({ status }) => status === 'running')
    await engine.db.query(`delete from longhaul.workers`)
    const second = await engine.until(id, 'completed')
    expect(second.status).toBe('completed')
    expect((await read(engine, id)).values).toEqual(['new'])
  })
})

describe('a step that ends when its worker believes its lease lost', () => {
  it('G-15: is run again, because what it wrote since was dropped', async () => {
    const ended = deferred()
    let runs = 0
    const engine = await testEngine([
      testJob('told', async ({ step, stream, signal }) => {
        const told = step('tell', async () => {
          runs += 1
          stream.write('begun')
          if (runs === 1) await untilAborted(signal).catch(() => undefined)
          stream.write('ended')
        })
        await told.finally(ended.resolve)
      }),
    ])
    await engine.startWorker({ leaseMs: 1000 })
    const id = await engine.enqueue('told')
    await engine.until(id, 'running')
    // So its heartbeats are not answered, and nobody takes its jobs.
    const other = await engine.db.connect()
    await other.query('begin; select from longhaul.workers for update')
    await ended.promise
    await other.query('commit')
    await engine.until(id, 'completed')
    expect((await read(engine, id)).values).toEqual(['begun', 'ended'])
    expect(runs).toBe(2)
  })
})

describe('what cannot be streamed', () => {
  async function failureOf(run: Parameters<typeof testJob>[1]): Promise<unknown> {
    const engine = await testEngine([testJob('wrong', run, { retry: { attempts: 1 } })])
    await engine.startWorker()
    const id = await engine.enqueue('wrong')
    return (await engine.until(id, 'failed')).error
  }

  it('fails with what is wrong', async () => {
    expect(await failureOf(({ stream }) => stream.write(Number.NaN))).toMatchObject({
      code: 'not_json',
    })
    expect(
      await failureOf(({ stream }) => stream.write('x'.repeat(limits.streamValueBytes))),
    ).toMatchObject({ code: 'payload_too_large' })
    expect(await failureOf(({ stream }) => stream('No!').write(1))).toMatchObject({
      code: 'invalid_configuration',
    })
    expect(
      await failureOf(({ stream }) => {
        for (let n = 0; n <= limits.streamsPerJob; n += 1) stream(`s${n}`).write(1)
      }),
    ).toMatchObject({ code: 'stream_limit', retryable: false })
  })

  it('does not pile up in memory when it is written faster than it is stored', async () => {
    const error = await failureOf(({ stream }) => {
      for (let n = 0; n < 100; n += 1) stream.write('x'.repeat(60_000))
    })
    expect(error).toMatchObject({ code: 'stream_overflow', retryable: true })
  })

  it('goes at the pace of the database with flush, up to the limit of a job', async () => {
    const error = await failureOf(async ({ stream }) => {
      for (let n = 0; ; n += 1) {
        stream.write('x'.repeat(60_000))
        if (n % 10 === 0) await stream.flush()
      }
    })
    expect(error).toMatchObject({ code: 'stream_limit' })
  })

  it('does not count what an attempt before wrote, when that is written again', async () => {
    const engine = await testEngine([
      testJob(
        'long',
        async ({ stream, job }) => {
          for (let written = 0; written < limits.streamBytes * 0.6; written += 60_000) {
            stream.write('x'.repeat(60_000))
            await stream.flush()
          }
          if (job.attempt === 1) throw new Error('once')
        },
        { retry: { attempts: 2, minDelay: 0 } },
      ),
    ])
    await engine.startWorker()
    await engine.until(await engine.enqueue('long'), 'completed')
  })
})

describe('the stream of a settled job', () => {
  it('is put together when its worker stops, and stays when the job is retried', async () => {
    let attempts = 0
    const engine = await testEngine([
      testJob(
        'twice',
        async ({ stream, step }) => {
          attempts += 1
          await step('kept', async () => {
            for (const word of ['a', 'b', 'c']) {
              stream.write(word)
              await stream.flush()
            }
          })
          if (attempts === 1) throw new JobFailure('no', { code: 'no', retryable: false })
          stream.write('d')
        },
        { retry: { attempts: 1 } },
      ),
    ])
    const worker = await engine.startWorker()
    const id = await engine.enqueue('twice')
    await engine.until(id, 'failed')
    await worker.stop()
    expect(await read(engine, id)).toMatchObject({ values: ['a', 'b', 'c'], chunks: 1 })
    await engine.startWorker()
    await engine.jobs.retry(ada, id)
    await engine.until(id, 'completed')
    expect((await read(engine, id)).values).toEqual(['a', 'b', 'c', 'd'])
  })
})
