import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { ada } from '../../../test/database.js'
import { deaf, deferred, testEngine, testJob, untilAborted } from '../../../test/engine.js'
import { unreliable } from '../../../test/unreliable.js'
import type { StopError } from '../../core/index.js'
import { finishJobs, type OwnDatabase, type Query, sql } from '../../postgres/index.js'

describe('a worker that loses its lease', () => {
  it('tells its handlers, changes nothing more for them, and begins anew under another id', async () => {
    const heard: string[] = []
    const late = deferred<unknown>()
    const engine = await testEngine([
      testJob('held', async ({ signal, step, job, progress }) => {
        if (job.attempt > 1) return 'second'
        await untilAborted(signal).catch((error: StopError) => heard.push(error.reason))
        progress(77, 'Stale')
        await step('stale', () => 1).catch(late.resolve)
        return 'first'
      }),
    ])
    await engine.startWorker({ leaseMs: 1500 })
    const id = await engine.enqueue('held')
    await engine.until(id, 'running')
    const [before] = await engine.db.query('select id from longhaul.workers')

    await engine.db.expireLease(String(before!['id']))

    expect(await engine.until(id, 'completed')).toMatchObject({ result: 'second', attempt: 2 })
    expect(await late.promise).toMatchObject({ name: 'AbortError', reason: 'lease_lost' })
    expect(heard).toEqual(['lease_lost'])
    expect(await engine.jobs.steps(ada, id)).toEqual([])
    const after = await engine.db.query(
      'select id from longhaul.workers where lease_expires_at > now()',
    )
    expect(after).toHaveLength(1)
    expect(after[0]!['id']).not.toBe(before!['id'])
  })

  it('begins anew with the thread and the connection that it has, however often', async () => {
    const engine = await testEngine([testJob('noop', () => null)])
    await engine.startWorker({ leaseMs: 1500 })
    const find = async (text: string): Promise<unknown> => {
      for (;;) {
        const [row] = await engine.db.query(text)
        if (row !== undefined) return Object.values(row)[0]
        await new Promise((go) => setTimeout(go, 20))
      }
    }
    const heartbeat = `select pid from pg_stat_activity
      where application_name = 'longhaul-heartbeat' and datname = current_database()`
    const first = await find(heartbeat)
    let id = await find('select id from longhaul.workers')
    for (let lost = 0; lost < 3; lost += 1) {
      await engine.db.expireLease(String(id))
      id = await find(
        `select id from longhaul.workers where id <> '${String(id)}' and lease_expires_at > now()`,
      )
    }
    const begun = String(
      await find(`select lease_expires_at::text from longhaul.workers where id = '${String(id)}'`),
    )
    await find(
      `select from longhaul.workers where id = '${String(id)}' and lease_expires_at > '${begun}'`,
    )
    expect(await engine.db.query(heartbeat)).toEqual([{ pid: first }])
  })

  it.each([
    ['is kept while a handler blocks the event loop, as long as that is allowed', 5000, false],
    ['runs out when a handler blocks the event loop for longer than is allowed', 100, true],
  ])('F7: %s', async (_, maxBlockedMs, ranOut) => {
    const engine = await testEngine([
      testJob('busy', () => {
        const end = performance.now() + 5000
        while (performance.now() < end);
      }),
    ])
    await engine.startWorker({ leaseMs: 3000, maxBlockedMs })
    const lookAtLease = async (): Promise<{ id: string; until: string }> => {
      const [row] = await engine.db.query(
        'select id, lease_expires_at::text as until from longhaul.workers order by lease_expires_at desc limit 1',
      )
      return row as { id: string; until: string }
    }
    const { until: first } = await lookAtLease()
    while ((await lookAtLease()).until === first) await new Promise((go) => setTimeout(go, 50))
    const { id: workerId } = await lookAtLease()
    const id = await engine.enqueue('busy')
    await engine.until(id, 'completed')
    // Nobody else was there to take the job, so it was still this worker's to complete.
    const [lease] = await engine.db.query(
      `select lease_expires_at < (select finished_at from longhaul.jobs) as over from longhaul.workers where id = $1`,
      [workerId],
    )
    expect(lease).toEqual({ over: ranOut })
  })

  it('keeps its lease on the event loop when a thread cannot be given the connection', async () => {
    const engine = await testEngine([
      testJob('long', async ({ signal }) => {
        await delay(4000, undefined, { signal })
        return 'done'
      }),
    ])
    const { password } = engine.db.connection
    const connection = { ...engine.db.connection, password: () => password as string }
    await engine.startWorker({ leaseMs: 1500, connection })
    const id = await engine.enqueue('long')
    expect(await engine.until(id, 'completed', 'failed')).toMatchObject({
      result: 'done',
      attempt: 1,
    })
  })
})

describe('a worker among trouble', () => {
  it('G-26: ends every job exactly once when one answer in three is lost', async () => {
    const effects: string[] = []
    const engine = await testEngine([
      testJob('stepped', async ({ input, step, progress }) => {
        await step('one', () => effects.push(`${(input as { n: number }).n} one`))
        progress(50)
        await step('two', () => effects.push(`${(input as { n: number }).n} two`))
        return 'done'
      }),
    ])
    let calls = 0
    let hasBegun = false // a worker that cannot register is not started
    const db = unreliable(engine.db, () => {
      calls += 1
      return !hasBegun || calls % 3 > 0 ? 'no' : calls % 2 === 0 ? 'before' : 'after'
    })
    const ids = await Promise.all(
      Array.from({ length: 40 }, (_, n) => engine.enqueue('stepped', { n })),
    )
    await engine.startWorker({ on: db, concurrency: 7, pollMs: 50 })
    hasBegun = true

    for (const id of ids) {
      expect(await engine.until(id, 'completed', 'failed')).toMatchObject({
        status: 'completed',
        attempt: 1,
      })
    }
    expect(effects).toHaveLength(80)
    expect(new Set(effects).size).toBe(80)
  })

  it('fails only the one job among 500 whose outcome the database refuses', async () => {
    const gate = deferred()
    const engine = await testEngine([
      testJob('answer', async ({ input }) => {
        await gate.promise
        return (input as { n: number }).n
      }),
    ])
    await engine.db.runScript(`
      create function longhaul_test.refuse() returns trigger language plpgsql as
        $$ begin if new.result = '377' then raise exception 'poison'; end if; return new; end $$;
      create trigger refuse before update on longhaul.jobs for each row execute function longhaul_test.refuse();`)
    const ids = await Promise.all(
      Array.from({ length: 500 }, (_, n) => engine.enqueue('answer', { n })),
    )
    const worker = await engine.startWorker({ concurrency: 500 })
    while (worker.running() < 500) await new Promise(setImmediate)
    gate.resolve()

    for (const [n, id] of ids.entries()) {
      const job = await engine.until(id, 'completed', 'failed')
      expect(job.status).toBe(n === 377 ? 'failed' : 'completed')
    }
    expect((await engine.job(ids[377]!)).error).toMatchObject({ code: 'outcome_not_storable' })
  })

  it.each([
    ['what it has stored cannot be read', 'child.status as child_status'],
    ['its outcome cannot be stored', `then 'already'`],
  ])('G-67: leaves no job behind when, for a while, %s', async (_, statement) => {
    const engine = await testEngine([
      testJob('noop', ({ job, step }) => step('once', () => job.attempt)),
    ])
    const id = await engine.enqueue('noop')
    const workerId = await engine.db.registerWorker()
    const [job] = await engine.db.claim({ workerId })
    await engine.db.run(finishJobs([{ ...job!, outcome: { action: 'release' } }]))
    let refusals = 0
    const db: OwnDatabase = {
      ...engine.db,
      run(query) {
        if (refusals === 3 || !query.text.includes(statement)) return engine.db.run(query)
        refusals += 1
        // Neither the connection nor the data is at fault.
        return engine.db.run(sql`select * from longhaul.not_for_us`)
      },
    }
    await engine.startWorker({ on: db })
    expect(await engine.until(id, 'completed', 'failed')).toMatchObject({ result: 1, attempt: 1 })
    expect(refusals).toBe(3)
  })

  it.each([
    ['step', 'steps', `new.result = '"poison"'`],
    ['chunk', 'stream_chunks', `new.content::text like '%poison%'`],
    ['child', 'jobs', `new.input = '"poison"'`],
  ])(
    'G-13: fails only the one job among 40 whose %s the database refuses',
    async (what, table, refused) => {
      const gate = deferred()
      const engine = await testEngine([
        testJob('child', ({ input }) => input),
        testJob(
          'write',
          async ({ input, step, stream, spawn }) => {
            await gate.promise
            if (what === 'step') return step('write', () => input)
            if (what === 'child') return spawn('child', input)
            stream.write(input)
            return stream.flush()
          },
          { retry: { attempts: 2, minDelay: 0 } },
        ),
      ])
      await engine.db.runScript(`
      create function longhaul_test.refuse() returns trigger language plpgsql as
        $$ begin if ${refused} then raise exception 'poison'; end if; return new; end $$;`)
      const ids = await Promise.all(
        Array.from({ length: 40 }, (_, n) => engine.enqueue('write', n === 13 ? 'poison' : 'fine')),
      )
      await engine.db.runScript(
        `create trigger refuse before insert or update on longhaul.${table} for each row
         ${table === 'jobs' ? `when (new.type = 'child')` : ''} execute function longhaul_test.refuse();`,
      )
      const worker = await engine.startWorker({ concurrency: 40 })
      while (worker.running() < 40) await new Promise(setImmediate)
      gate.resolve()

      for (const [n, id] of ids.entries()) {
        const job = await engine.until(id, 'completed', 'failed')
        expect({ n, status: job.status, attempt: job.attempt }).toEqual(
          n === 13 ? { n, status: 'failed', attempt: 2 } : { n, status: 'completed', attempt: 1 },
        )
      }
    },
  )

  it('lets only the job wait whose row somebody has locked', async () => {
    const gate = deferred()
    const engine = await testEngine([
      testJob('wait', async ({ step }) => {
        await gate.promise
        await step('write', () => 1)
        return 'done'
      }),
    ])
    const ids = await Promise.all(Array.from({ length: 30 }, () => engine.enqueue('wait')))
    await engine.startWorker({ concurrency: 30 })
    for (const id of ids) await engine.until(id, 'running')
    const other = await engine.db.connect()
    await other.query('begin')
    await other.query('select from longhaul.jobs where id = $1 for update', [ids[13]])
    gate.resolve()

    for (const id of ids.filter((each) => each !== ids[13])) await engine.until(id, 'completed')
    expect((await engine.job(ids[13]!)).status).toBe('running')
    await other.query('rollback')
    await engine.until(ids[13]!, 'completed')
  })

  it('G-24: goes on without hints, by looking itself', async () => {
    const engine = await testEngine([
      testJob('noop', () => null),
      testJob('held', ({ signal }) => untilAborted(signal)),
    ])
    await engine.startWorker({ hints: deaf, pollMs: 40 })
    const [noop, held] = [await engine.enqueue('noop'), await engine.enqueue('held')]
    await engine.until(noop, 'completed')
    await engine.until(held, 'running')
    await engine.jobs.cancel({ principal: ada, id: held })
    await engine.until(held, 'cancelled')
  })

  it('takes over what a worker held that died', async () => {
    const engine = await testEngine([testJob('noop', ({ job }) => job.attempt)])
    const id = await engine.enqueue('noop')
    const dead = await engine.db.registerWorker()
    await engine.db.claim({ workerId: dead })
    await engine.startWorker()
    expect((await engine.job(id)).status).toBe('running')

    await engine.db.expireLease(dead)

    expect(await engine.until(id, 'completed')).toMatchObject({ result: 2, attempt: 2 })
  })

  it('does not begin jobs whose claim was answered after the lease was lost', async () => {
    const begun: number[] = []
    const engine = await testEngine([testJob('noop', ({ job }) => void begun.push(job.attempt))])
    const claimed = deferred()
    const answer = deferred()
    let slow = true
    const db: OwnDatabase = {
      ...engine.db,
      async run<Row>(query: Query<Row>) {
        const rows = await engine.db.run(query)
        if (slow && rows.length > 0 && query.text.includes('claims_ended as')) {
          slow = false
          claimed.resolve()
          await answer.promise
        }
        return rows
      },
    }
    const id = await engine.enqueue('noop')
    await engine.startWorker({ on: db, leaseMs: 1500 })
    await claimed.promise
    const [before] = await engine.db.query('select id from longhaul.workers')
    await engine.db.expireLease(String(before!['id']))
    for (let alive = 0; alive === 0;) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      const rows = await engine.db.query(
        'select from longhaul.workers where lease_expires_at > now()',
      )
      alive = rows.length
    }
    answer.resolve()

    expect(await engine.until(id, 'completed')).toMatchObject({ attempt: 2 })
    expect(begun).toEqual([2])
  })

  it('lets neither limited nor unlimited queues wait for the end of the others', async () => {
    const order: string[] = []
    const note = (type: string) => async (): Promise<void> => {
      order.push(type)
      await new Promise(setImmediate)
    }
    const engine = await testEngine([
      testJob('free', note('free')),
      testJob('limited', note('limited'), { concurrency: { perTenant: 5 } }),
    ])
    const ids = await Promise.all(Array.from({ length: 60 }, () => engine.enqueue('free')))
    ids.push(await engine.enqueue('limited'))
    await engine.startWorker({ concurrency: 2 })
    for (const id of ids) await engine.until(id, 'completed')

    expect(order.indexOf('limited')).toBeLessThan(20)
  })
})
