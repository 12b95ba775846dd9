import { describe, expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { ada, bob } from '../../../test/database.js'
import {
  deferred,
  type TestEngine,
  testEngine,
  testJob,
  untilAborted,
} from '../../../test/engine.js'
import { unreliable } from '../../../test/unreliable.js'
import type { Database } from '../../postgres/index.js'
import { continueCascades } from './continue-cascades.js'
import { ChildFailure, defineJob, type JobDefinition } from '../../core/index.js'

const double = defineJob('double', {
  input: z.object({ n: z.number() }),
  result: z.object({ doubled: z.number() }),
  run: ({ input }) => ({ doubled: 2 * input.n }),
})

const noRetry = { retry: { attempts: 1 } }

function failing(): { readonly job: JobDefinition; works: boolean; readonly runs: unknown[] } {
  const child = {
    works: false,
    runs: [] as unknown[],
    job: testJob(
      'fragile',
      ({ input }) => {
        child.runs.push(input)
        if (!child.works) throw new Error('out of paper')
        return 'printed'
      },
      noRetry,
    ),
  }
  return child
}

/** A child that is told to stop, and does so when it is let. */
function slowToStop(): {
  readonly child: JobDefinition
  readonly begun: Promise<void>
  letStop(): void
} {
  const [begun, gate] = [deferred(), deferred()]
  const child = testJob('child', async ({ signal }) => {
    begun.resolve()
    await gate.promise
    signal.throwIfAborted()
    return 'grown up'
  })
  return { child, begun: begun.promise, letStop: gate.resolve }
}

const waitsForLock = `
  select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`

async function idOf({ db }: TestEngine, type: string): Promise<string> {
  const [row] = await db.query('select id from longhaul.jobs where type = $1', [type])
  return String(row!['id'])
}

describe('a job that spawns another', () => {
  it('G-29: gets its typed result, holds no worker meanwhile, and keeps its attempt', async () => {
    const ran: string[] = []
    const engine = await testEngine([
      double,
      testJob('parent', async ({ step, spawn, job }) => {
        await step('before', () => ran.push('before'))
        const result = await spawn(double, { n: 21 })
        expectTypeOf(result).toEqualTypeOf<{ doubled: number }>()
        await step('after', () => ran.push('after'))
        return [result.doubled, job.attempt]
      }),
    ])
    // One place: a parent that held it would wait for ever.
    await engine.startWorker({ concurrency: 1 })
    const id = await engine.enqueue('parent')

    expect(await engine.until(id, 'completed')).toMatchObject({ result: [42, 1], attempt: 1 })
    expect(ran).toEqual(['before', 'after'])
    const [, step] = await engine.jobs.steps(ada, id)
    expect(step).toMatchObject({ key: 'double', kind: 'child', status: 'completed' })
    const { value: child } = await engine.jobs.get(ada, step!.childId!)
    expect(child).toMatchObject({ parentId: id, ownerId: 'ada', type: 'double' })
    expect(await engine.db.query('select from longhaul.settled_children')).toEqual([])
  })

  it('can spawn itself by name, as deep as it likes', async () => {
    const engine = await testEngine([
      testJob('factorial', async ({ input, spawn }) => {
        const n = Number(input)
        return n <= 1 ? 1 : n * Number(await spawn('factorial', n - 1))
      }),
    ])
    await engine.startWorker({ concurrency: 2 })
    const id = await engine.enqueue('factorial', 6)
    expect(await engine.until(id, 'completed')).toMatchObject({ result: 720 })
  })

  it('fails with what its child failed with, as a typed error that says which', async () => {
    const { job } = failing()
    const caught: unknown[] = []
    const engine = await testEngine([
      job,
      testJob('parent', ({ spawn }) => spawn(job, 1)),
      testJob('careful', async ({ spawn }) => {
        await spawn(job, 1).catch((error: unknown) => caught.push(error))
        return 'went on'
      }),
    ])
    await engine.startWorker()
    const [id, careful] = [await engine.enqueue('parent'), await engine.enqueue('careful')]

    const { error, attempt } = await engine.until(id, 'failed')
    expect(error).toMatchObject({
      code: 'child_failed',
      message: expect.stringContaining('out of paper') as string,
      context: { childType: 'fragile', error: { code: 'handler_error' } },
      retryable: false,
    })
    expect(attempt).toBe(1)
    expect(await engine.until(careful, 'completed')).toMatchObject({ result: 'went on' })
    expect(caught[0]).toBeInstanceOf(ChildFailure)
    expect(caught[0]).toMatchObject({ childType: 'fragile', error: { message: 'out of paper' } })
  })

  it('keeps to what it was told of a child that failed, though somebody has retried that since', async () => {
    const gate = deferred()
    const child = testJob(
      'child',
      async ({ job }) => {
        if (job.attempt === 1) throw new Error('out of paper')
        await gate.promise
      },
      noRetry,
    )
    const engine = await testEngine([
      child,
      testJob('parent', async ({ spawn, waitForSignal }) => {
        const told = await spawn(child, 1).catch((error: ChildFailure) => error)
        await waitForSignal('go')
        return told instanceof ChildFailure ? [told.code, told.error?.message] : told
      }),
    ])
    await engine.startWorker()
    const id = await engine.enqueue('parent')
    await engine.until(id, 'waiting')
    const steps = () => engine.jobs.steps(ada, id)
    while ((await steps()).length < 2) await engine.untilJob(id, () => true)
    await engine.until(id, 'waiting')
    const { childId } = (await steps())[0]!
    await engine.jobs.retry(ada, childId!)
    await engine.until(childId!, 'running')

    await engine.jobs.signal({ principal: ada, id, name: 'go', payload: null })
    expect(await engine.until(id, 'completed')).toMatchObject({
      result: ['child_failed', 'out of paper'],
    })
    gate.resolve()
  })

  it('hears that its child was cancelled, or deleted before it could read the result', async () => {
    const engine = await testEngine([
      testJob('nap', ({ sleep }) => sleep('1d')),
      testJob('parent', ({ spawn }) => spawn('nap', {})),
    ])
    await engine.startWorker()
    const [cancelled, deleted] = [await engine.enqueue('parent'), await engine.enqueue('parent')]
    for (const id of [cancelled, deleted]) await engine.until(id, 'waiting')
    const childOf = async (id: string): Promise<string> =>
      (await engine.jobs.steps(ada, id))[0]!.childId!
    await engine.jobs.cancel({ principal: ada, id: await childOf(cancelled) })
    expect((await engine.until(cancelled, 'failed')).error).toMatchObject({
      code: 'child_cancelled',
    })

    await engine.db.query('delete from longhaul.jobs where id = $1', [await childOf(deleted)])
    await engine.db.query(`insert into longhaul.settled_children values ('acme', $1)`, [deleted])
    engine.hints.send({ children: true })
    expect((await engine.until(deleted, 'failed')).error).toMatchObject({ code: 'child_deleted' })
  })

  it('leaves its children to their work when it fails, and they can be cancelled by their parent', async () => {
    const napping = deferred()
    const engine = await testEngine([
      testJob('nap', ({ waitForSignal, input }) => {
        if (input === 'second') napping.resolve()
        return waitForSignal('wake')
      }),
      testJob(
        'parent',
        ({ spawnAll, step }) =>
          Promise.all([
            spawnAll(['first', 'second'].map((input) => ({ job: 'nap', input, key: input }))),
            step('fail', async () => {
              await napping.promise
              throw new Error('out of paper')
            }),
          ]),
        noRetry,
      ),
    ])
    await engine.startWorker()
    const id = await engine.enqueue('parent')
    await engine.until(id, 'failed')
    const naps = await engine.db.query(
      'select id::text from longhaul.jobs where parent_id = $1 order by input',
      [id],
    )
    const [first, second] = naps.map((row) => String(row['id']))
    await engine.until(second!, 'waiting')
    await engine.jobs.signal({ principal: ada, id: first!, name: 'wake', payload: 'up' })
    expect(await engine.until(first!, 'completed')).toMatchObject({ result: 'up' })
    const children = { principal: ada, selection: { parent: id } }
    // A job that somebody has locked is passed over, and left to be asked for again.
    while ((await engine.jobs.cancelMany(children)).left > 0);
    expect((await engine.job(second!)).status).toBe('cancelled')
  })

  it('does not spawn when the input is not what the child takes', async () => {
    const engine = await testEngine([
      double,
      testJob('parent', ({ spawn }) => spawn('double', { n: 'two' })),
      testJob('lost', ({ spawn }) => spawn('nobody', {})),
    ])
    await engine.startWorker()
    const [id, lost] = [await engine.enqueue('parent'), await engine.enqueue('lost')]
    expect((await engine.until(id, 'failed')).error).toMatchObject({ code: 'invalid_input' })
    expect((await engine.until(lost, 'failed')).error).toMatchObject({ code: 'unknown_job_type' })
    expect(await engine.db.query('select from longhaul.jobs where parent_id is not null')).toEqual(
      [],
    )
  })
})

describe('a job that spawns many', () => {
  it('gets their results in the order of the list, whichever is done first', async () => {
    const engine = await testEngine([
      double,
      testJob('parent', async ({ spawnAll }) => {
        const numbers = Array.from({ length: 100 }, (_, n) => n)
        const results = await spawnAll(numbers.map((n) => ({ job: double, input: { n } })))
        expectTypeOf(results[0]!.doubled).toEqualTypeOf<number>()
        const [one, two] = await spawnAll([
          { job: double, input: { n: 1 }, key: 'one' },
          { job: 'double', input: { n: 2 }, key: 'two' },
        ])
        expectTypeOf(one.doubled).toEqualTypeOf<number>()
        const none = await spawnAll([])
        return [results.map(({ doubled }) => doubled), one, two, none] as never
      }),
    ])
    await engine.startWorker()
    await engine.startWorker()
    const id = await engine.enqueue('parent')
    const { result } = await engine.until(id, 'completed')
    const doubles = Array.from({ length: 100 }, (_, n) => 2 * n)
    expect(result).toEqual([doubles, { doubled: 2 }, { doubled: 4 }, []])
  })

  it('goes on when one is done, beside others that are not', async () => {
    const gate = deferred()
    const engine = await testEngine([
      testJob('slow', () => gate.promise),
      double,
      testJob('parent', async ({ spawn, step }) => {
        const quick = spawn(double, { n: 1 }).then(() => step('after the quick one', () => 1))
        await Promise.all([quick, spawn('slow', {})])
      }),
    ])
    await engine.startWorker()
    const id = await engine.enqueue('parent')
    const stepsOf = () => engine.jobs.steps(ada, id)
    await engine.untilJob(id, () => true)
    while (!(await stepsOf()).some(({ key }) => key === 'after the quick one'))
      await engine.untilJob(id, (job) => job.status === 'waiting')
    expect(await stepsOf()).toContainEqual(
      expect.objectContaining({ key: 'slow', status: 'running' }),
    )
    gate.resolve()
    await engine.until(id, 'completed')
  })

  it('waits for all of them before it throws the first failure of the list', async () => {
    const gate = deferred()
    const { job } = failing()
    const engine = await testEngine([
      job,
      testJob('slow', () => gate.promise),
      testJob('parent', ({ spawnAll }) =>
        spawnAll([
          { job: 'slow', input: {} },
          { job, input: 1 },
        ]),
      ),
    ])
    await engine.startWorker()
    const id = await engine.enqueue('parent')
    const child = async () =>
      (await engine.db.query(`select id from longhaul.jobs where type = 'fragile'`))[0]?.['id']
    await engine.untilJob(id, ({ status }) => status === 'waiting')
    await engine.until(String(await child()), 'failed')
    expect((await engine.job(id)).status).toBe('waiting')
    gate.resolve()
    expect((await engine.until(id, 'failed')).error).toMatchObject({
      code: 'child_failed',
      context: { childType: 'fragile' },
    })
  })
})

describe('a person', () => {
  it('G-30: who cancels a job cancels all that it has spawned, whoever works at it', async () => {
    const aborted: unknown[] = []
    const gate = deferred()
    const engine = await testEngine([
      testJob('leaf', async ({ signal, input }) => {
        if (input === 'last') gate.resolve()
        await untilAborted(signal).catch(() => aborted.push(input))
      }),
      testJob('branch', ({ spawnAll }) =>
        spawnAll([
          { job: 'leaf', input: 'first' },
          { job: 'leaf', input: 'last' },
        ]),
      ),
      testJob('root', async ({ spawn }) => spawn('branch', {})),
    ])
    await engine.startWorker()
    await engine.startWorker()
    const id = await engine.enqueue('root')
    await gate.promise
    const all = await engine.db.query('select id::text from longhaul.jobs')
    for (const row of all) {
      await engine.until(String(row['id']), 'waiting', 'running')
    }

    await engine.jobs.cancel({ principal: ada, id, reason: 'changed my mind' })

    for (const row of all) await engine.until(String(row['id']), 'cancelled')
    expect(all).toHaveLength(4)
    expect(aborted.sort()).toEqual(['first', 'last'])
    const reasons = await engine.db.query(
      'select distinct requested_by, reason, status from longhaul.cancellations',
    )
    expect(reasons).toEqual([
      { requested_by: 'ada', reason: 'changed my mind', status: 'processed' },
    ])
  })

  it('who cancels and retries by filter does it to what was spawned, too', async () => {
    const engine = await testEngine([
      testJob('nap', ({ waitForSignal }) => waitForSignal('wake')),
      testJob('parent', ({ spawn }) => spawn('nap', {})),
    ])
    await engine.startWorker()
    const id = await engine.enqueue('parent')
    const { childId } = await engine
      .until(id, 'waiting')
      .then(async () => (await engine.jobs.steps(ada, id))[0]!)
    await engine.until(childId!, 'waiting')
    const parents = { principal: ada, selection: { type: ['parent'] } }
    // A job that somebody has locked is passed over, and left to be asked for again.
    while ((await engine.jobs.cancelMany(parents)).left > 0);
    expect((await engine.job(childId!)).status).toBe('cancelled')
    while ((await engine.jobs.retryMany(parents)).left > 0);
    await engine.jobs.signal({ principal: ada, id: childId!, name: 'wake', payload: 'hello' })
    expect(await engine.until(id, 'completed')).toMatchObject({ result: 'hello' })
  })

  it.each<[string, (engine: TestEngine, root: string) => Promise<unknown>]>([
    ['one', ({ jobs }, id) => jobs.cancel({ principal: ada, id })],
    [
      'by filter',
      async ({ jobs }) => {
        // The other has the root locked for a moment; it is passed over then, and left.
        const roots = { principal: ada, selection: { type: ['root'] } }
        while ((await jobs.cancelMany(roots)).left > 0);
      },
    ],
  ])(
    'F24: who cancels jobs, %s, does not fail for a deadlock with who changes one of the tree',
    async (_, cancel) => {
      const engine = await testEngine([
        testJob('leaf', ({ waitForSignal }) => waitForSignal('never')),
        testJob('branch', ({ spawn }) => spawn('leaf', {})),
        testJob('root', ({ spawn }) => spawn('branch', {})),
      ])
      await engine.startWorker()
      const root = await engine.enqueue('root')
      const child = async (id: string): Promise<string> => {
        await engine.until(id, 'waiting')
        return (await engine.jobs.steps(ada, id))[0]!.childId!
      }
      const branch = await child(root)
      const leaf = await child(branch)
      await engine.until(leaf, 'waiting')

      // It has the leaf and wants the root, while the other has the root and wants the leaf.
      const other = await engine.db.connect()
      await other.query(`set deadlock_timeout = '1h'`)
      const lock = (id: string): Promise<unknown> =>
        other.query('select from longhaul.jobs where id = $1 for update', [id])
      await other.query('begin')
      await lock(leaf)
      const cancelled = cancel(engine, root)
      const blocked = 'select from pg_stat_activity where cardinality(pg_blocking_pids(pid)) > 0'
      while ((await engine.db.query(blocked)).length === 0) await new Promise(setImmediate)
      await lock(root)
      await other.query('commit')
      await cancelled
      for (const id of [root, branch, leaf]) await engine.until(id, 'cancelled')
    },
  )

  it('who cancels a job that is about to spawn leaves no child behind', async () => {
    const gate = deferred()
    const begun = deferred()
    const engine = await testEngine([
      double,
      testJob('parent', async ({ spawn }) => {
        begun.resolve()
        await gate.promise
        await spawn(double, { n: 1 })
      }),
    ])
    await engine.startWorker()
    const id = await engine.enqueue('parent')
    await begun.promise
    // Written past the hints: the handler does not know when it spawns.
    await engine.db.query(
      'update longhaul.jobs set cancel_requested_at = now(), version = version + 1 where id = $1',
      [id],
    )
    gate.resolve()
    await engine.until(id, 'cancelled')
    expect(await engine.db.query(`select from longhaul.jobs where type = 'double'`)).toEqual([])
    expect(await engine.jobs.steps(ada, id)).toEqual([])
  })

  it('G-31: who retries a job retries the children that failed, and keeps those that completed', async () => {
    const child = failing()
    const doubled: number[] = []
    const counted = testJob('counted', ({ input }) => doubled.push(Number(input)))
    const engine = await testEngine([
      child.job,
      counted,
      testJob('branch', ({ spawn, input }) => spawn(child.job, input)),
      testJob(
        'root',
        async ({ spawnAll }) => {
          const [, printed] = await spawnAll([
            { job: counted, input: 7 },
            { job: 'branch', input: 'page' },
          ])
          return printed
        },
        noRetry,
      ),
    ])
    await engine.startWorker()
    const id = await engine.enqueue('root')
    await engine.until(id, 'failed')
    const before = await engine.db.query('select id from longhaul.jobs order by id')

    child.works = true
    await engine.jobs.retry(ada, id)

    expect(await engine.until(id, 'completed')).toMatchObject({ result: 'printed' })
    expect(await engine.db.query('select id from longhaul.jobs order by id')).toEqual(before)
    expect([doubled, child.runs]).toEqual([[7], ['page', 'page']])
  })

  it('G-31: is asked to wait until the child that it has cancelled has stopped', async () => {
    const { child, begun, letStop } = slowToStop()
    const engine = await testEngine([child, testJob('parent', ({ spawn }) => spawn('child', {}))])
    await engine.startWorker()
    const id = await engine.enqueue('parent')
    await begun
    await engine.until(id, 'waiting')
    await engine.jobs.cancel({ principal: ada, id })
    await expect(engine.jobs.retry(ada, id)).rejects.toMatchObject({ code: 'invalid_state' })
    const parents = { principal: ada, selection: { type: ['parent'] } }
    const skipped = [{ id, code: 'invalid_state', secrets: [] }]
    expect(await engine.jobs.retryMany(parents)).toEqual({ done: 0, left: 0, skipped })

    letStop()
    await engine.until(await idOf(engine, 'child'), 'cancelled')
    await engine.jobs.retry(ada, id)
    expect(await engine.until(id, 'completed', 'failed')).toMatchObject({ result: 'grown up' })
  })

  it('G-31: retries what a child of it had spawned once that has stopped, and waits for it', async () => {
    const { child, begun, letStop } = slowToStop()
    const engine = await testEngine([
      child,
      testJob('parent', ({ spawn }) => spawn('child', {})),
      testJob('grandparent', ({ spawn }) => spawn('parent', {})),
    ])
    await engine.startWorker()
    const id = await engine.enqueue('grandparent')
    await begun
    await engine.until(id, 'waiting')
    await engine.until(await idOf(engine, 'parent'), 'waiting')
    await engine.jobs.cancel({ principal: ada, id })
    await engine.jobs.retry(ada, id)
    letStop()
    expect(await engine.until(id, 'completed', 'failed')).toMatchObject({ result: 'grown up' })
  })

  it('tells nobody to look again while what is to be retried still stops', async () => {
    const { child, begun } = slowToStop()
    const engine = await testEngine([
      child,
      testJob('parent', ({ spawn }) => spawn('child', {})),
      testJob('grandparent', ({ spawn }) => spawn('parent', {})),
    ])
    await engine.startWorker()
    const id = await engine.enqueue('grandparent')
    await begun
    await engine.until(id, 'waiting')
    await engine.until(await idOf(engine, 'parent'), 'waiting')
    await engine.jobs.cancel({ principal: ada, id })
    await engine.jobs.retry(ada, id)

    // The worker may just have it locked.
    let looked = await continueCascades(engine.db)
    while (!looked.more) looked = await continueCascades(engine.db)
    expect(looked).toMatchObject({ hint: undefined, others: false })
  })

  it('G-30: is cancelled for good also while its retry waits for what still stops, and is just looking for it', async () => {
    const { child, begun, letStop } = slowToStop()
    const engine = await testEngine([
      child,
      testJob('parent', ({ spawn }) => spawn('child', {})),
      testJob('grandparent', ({ spawn }) => spawn('parent', {})),
    ])
    const { db, jobs } = engine
    await engine.startWorker()
    const id = await engine.enqueue('grandparent')
    await begun
    const parent = await idOf(engine, 'parent')
    await engine.until(parent, 'waiting')
    await engine.until(id, 'waiting')
    await jobs.cancel({ principal: ada, id })
    await jobs.retry(ada, id)

    const cancelled = await db.transaction(async (tx) => {
      const asIfAlone = { ...db, transaction: <T>(work: (tx: Database) => Promise<T>) => work(tx) }
      while (!(await continueCascades(asIfAlone)).more) await new Promise(setImmediate)
      const cancelling = jobs.cancel({ principal: ada, id })
      await expect.poll(() => db.query(waitsForLock)).not.toEqual([])
      return { cancelling }
    })
    await cancelled.cancelling
    letStop()
    await engine.until(await idOf(engine, 'child'), 'cancelled')
    while ((await db.query('select from longhaul.cascades')).length > 0)
      await new Promise(setImmediate)
    expect((await engine.job(id)).status).toBe('cancelled')
    expect((await engine.job(parent)).status).toBe('cancelled')
  })

  it('who retries a job whose failed child is gone has it spawned anew', async () => {
    const child = failing()
    const engine = await testEngine([
      child.job,
      testJob('parent', ({ spawn }) => spawn(child.job, 1), noRetry),
    ])
    await engine.startWorker()
    const id = await engine.enqueue('parent')
    await engine.until(id, 'failed')
    const [step] = await engine.jobs.steps(ada, id)
    await engine.jobs.delete(ada, step!.childId!)
    child.works = true
    await engine.jobs.retry(ada, id)
    expect(await engine.until(id, 'completed')).toMatchObject({ result: 'printed' })
  })

  it('sees the child of a job as its owner, and nobody else does', async () => {
    const engine = await testEngine([
      double,
      testJob('parent', ({ spawn }) => spawn(double, { n: 1 })),
    ])
    await engine.startWorker()
    const id = await engine.enqueue('parent')
    await engine.until(id, 'completed')
    const [step] = await engine.jobs.steps(ada, id)
    await expect(engine.jobs.get(bob, step!.childId!)).rejects.toMatchObject({
      code: 'job_not_found',
    })
  })
})

it('keeps a child that has expired until its parent has read the result', async () => {
  const gate = deferred()
  const brief = defineJob('brief', { ...double, expiresAfter: 0 })
  const engine = await testEngine([
    brief,
    testJob('slow', () => gate.promise),
    testJob('parent', async ({ spawnAll }) => {
      const [first] = await spawnAll([
        { job: brief, input: { n: 1 } },
        { job: 'slow', input: {} },
      ])
      return first
    }),
  ])
  await engine.startWorker()
  const id = await engine.enqueue('parent')
  await engine.until(id, 'waiting')
  const [child] = await engine.db.query(`select id from longhaul.jobs where type = 'brief'`)
  const childId = String(child!['id'])
  await engine.until(childId, 'completed')
  expect(await engine.jobs.deleteExpired()).toMatchObject({ deleted: 0 })
  gate.resolve()
  expect(await engine.until(id, 'completed')).toMatchObject({ result: { doubled: 2 } })
})

describe('among trouble', () => {
  it('G-29: spawns nothing again when its worker is lost after it has spawned', async () => {
    const engine = await testEngine([
      double,
      testJob('parent', async ({ spawn, step, job }) => {
        const holding = step('hold', ({ signal }) =>
          job.attempt === 1 ? untilAborted(signal) : 'held',
        )
        const [child] = await Promise.all([spawn(double, { n: 4 }), holding])
        return child
      }),
    ])
    await engine.startWorker({ leaseMs: 1500 })
    const id = await engine.enqueue('parent')
    const children = () => engine.db.query(`select id from longhaul.jobs where type = 'double'`)
    while ((await children()).length === 0) await new Promise(setImmediate)
    const [worker] = await engine.db.query('select id from longhaul.workers')
    await engine.db.expireLease(String(worker!['id']))
    expect(await engine.until(id, 'completed')).toMatchObject({
      result: { doubled: 8 },
      attempt: 2,
    })
    expect(await children()).toHaveLength(1)
  })

  it('G-29: makes every child once with two workers when one answer in three is lost', async () => {
    const ran: unknown[] = []
    const engine = await testEngine([
      testJob('child', ({ input }) => void ran.push(input)),
      testJob('parent', async ({ input, spawnAll, spawn }) => {
        const inputs = [1, 2, 3].map((n) => `${JSON.stringify(input)} ${n}`)
        await spawnAll(inputs.map((each) => ({ job: 'child', input: each })))
        await spawn('child', `${JSON.stringify(input)} last`)
        return 'done'
      }),
    ])
    let calls = 0
    let started = false
    const db = unreliable(engine.db, () => {
      if (started) calls += 1
      return calls % 3 > 0 || !started ? 'no' : calls % 2 === 0 ? 'before' : 'after'
    })
    const ids = await Promise.all(Array.from({ length: 8 }, (_, n) => engine.enqueue('parent', n)))
    await engine.startWorker({ on: db, pollMs: 100 })
    await engine.startWorker({ on: db, pollMs: 100 })
    started = true
    for (const id of ids) expect(await engine.until(id, 'completed')).toMatchObject({ attempt: 1 })
    expect(ran).toHaveLength(32)
    expect(new Set(ran).size).toBe(32)
  }, 60_000)
})
