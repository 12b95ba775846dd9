import pg from 'pg'
import { describe, expect, it } from 'vitest'
import type { JobContext, Json } from '../src/core/index.js'
import type { Enqueued } from '../src/engine/index.js'
import { type Fate, proxyTo } from './chaos/proxy.js'
import { ada, testDatabase } from './database.js'
import { deferred, type TestEngine, testEngine, testJob } from './engine.js'
import { fromPrisma } from '../src/transactions/from-prisma.js'
import { type Connected, drivers, ofPg, openPrisma } from './transactions/drivers.js'

type Run = (context: JobContext<Json>, connected: Connected<unknown>, shop: Shop) => unknown
type Options = NonNullable<Parameters<typeof testJob>[2]>

interface Shop extends TestEngine {
  readonly connected: Connected<unknown>
  notes(): Promise<unknown[]>
}

interface Opening {
  readonly options?: Options
  /** Where its transactions are, when not simply on its database. */
  readonly place?: (connection: pg.ClientConfig) => Promise<pg.ClientConfig>
}

/** A job type `order` that writes to a table of its own, by some driver. */
async function open(
  driver: (typeof drivers)[number],
  run: Run,
  { options, place = async (connection) => connection }: Opening = {},
): Promise<Shop> {
  let shop!: Shop
  const engine = await testEngine([
    testJob('order', (context) => run(context, shop.connected, shop), options),
    testJob('receipt', () => null),
  ])
  await engine.db.query('create table public.orders (note text)')
  shop = {
    ...engine,
    connected: driver.connect(await place(engine.db.connection)),
    async notes() {
      const rows = await engine.db.query('select note from public.orders order by note')
      return rows.map(({ note }) => note)
    },
  }
  return shop
}

/** What happens to a commit, and how often its step is run then. */
const fates: readonly [Fate, number][] = [
  ['is not answered', 1],
  ['is cut off', 2],
]

describe.each(drivers)('a step in a transaction of $name', (driver) => {
  it('G-41: commits its result and what it wrote together, and is not run again', async () => {
    let opened = 0
    const shop = await open(driver, async ({ step, job }, { transactions, insert }) => {
      const saved = await step('save', { transaction: transactions }, async (client) => {
        opened += 1
        await insert(client, `by attempt ${job.attempt}`)
        return { places: [1, null, "O'Hara \\ $1"] }
      })
      if (job.attempt === 1) throw new Error('after it')
      return saved
    })
    await shop.startWorker()
    const id = await shop.enqueue('order')
    expect(await shop.until(id, 'completed')).toMatchObject({
      result: { places: [1, null, "O'Hara \\ $1"] },
    })
    expect(await shop.notes()).toEqual(['by attempt 1'])
    expect(opened).toBe(1)
    expect(await shop.jobs.steps(ada, id)).toMatchObject([
      { key: 'save', status: 'completed', runs: 1, attempt: 1 },
    ])
  })

  it('G-41: that fails leaves nothing that it wrote, and fails with its own error', async () => {
    const shop = await open(
      driver,
      ({ step, job }, { transactions, insert }) => {
        const options = { transaction: transactions, retry: { attempts: 2, minDelay: 0 } }
        return step('save', options, async (client, { idempotencyKey }) => {
          await insert(client, idempotencyKey)
          throw new Error(`the shop is closed to attempt ${job.attempt}`)
        })
      },
      { options: { retry: { attempts: 1 } } },
    )
    await shop.startWorker()
    const id = await shop.enqueue('order')
    expect(await shop.until(id, 'failed')).toMatchObject({
      error: { code: 'handler_error', message: 'the shop is closed to attempt 1' },
    })
    expect(await shop.notes()).toEqual([])
    expect(await shop.jobs.steps(ada, id)).toMatchObject([{ status: 'failed', runs: 2 }])
  })

  it('G-42: of a worker that lost the job commits nothing', async () => {
    const gate = deferred()
    const firstEnds = deferred<unknown>()
    const shop = await open(driver, async ({ step, job }, { transactions, insert }) => {
      const saving = step('save', { transaction: transactions }, async (client) => {
        await insert(client, `by attempt ${job.attempt}`)
        if (job.attempt === 1) await gate.promise
      })
      if (job.attempt === 1) await saving.then(firstEnds.resolve, firstEnds.resolve)
      else await saving
    })
    await shop.startWorker()
    const id = await shop.enqueue('order')
    await shop.untilJob(id, ({ status }) => status === 'running')
    await shop.startWorker()
    await shop.db.query(`update longhaul.workers set lease_expires_at = now() - interval '1 second'
                         where id = (select worker_id from longhaul.jobs)`)
    await shop.until(id, 'completed')
    gate.resolve()
    expect(await firstEnds.promise).toMatchObject({ reason: 'lease_lost' })
    expect(await shop.notes()).toEqual(['by attempt 2'])
  })

  it.each(fates)(
    'G-44: whose commit %s comes to both or neither, and runs %d times',
    async (fate, runs) => {
      let isDone = false
      const shop = await open(
        driver,
        ({ step }, { transactions, insert }) => {
          const options = { transaction: transactions, retry: { attempts: 3, minDelay: 0 } }
          return step('save', options, (client) => insert(client, 'once').then(() => 'saved'))
        },
        {
          options: { retry: { attempts: 1 } },
          async place(direct) {
            const { proxy, connection } = await proxyTo(direct)
            proxy.decide((question) => {
              if (isDone || !/\bcommit\b/i.test(question)) return 'passes'
              isDone = true
              return fate
            })
            return connection
          },
        },
      )
      await shop.startWorker()
      const id = await shop.enqueue('order')
      expect(await shop.until(id, 'completed', 'failed')).toMatchObject({ result: 'saved' })
      expect(isDone).toBe(true)
      expect(await shop.notes()).toEqual(['once'])
      expect(await shop.jobs.steps(ada, id)).toMatchObject([{ status: 'completed', runs }])
    },
  )

  it('G-43: enqueues what exists if and only if the step commits', async () => {
    const shop = await open(driver, ({ step, job }, { transactions, join }, { jobs }) =>
      step('save', { transaction: transactions }, async (client) => {
        const input = { attempt: job.attempt }
        await jobs.enqueue('receipt', input, { principal: ada, transaction: join(client) })
        if (job.attempt === 1) throw new Error('not yet')
      }),
    )
    await shop.startWorker()
    await shop.until(await shop.enqueue('order'), 'completed')
    const rows = await shop.db.query(`select input from longhaul.jobs where type = 'receipt'`)
    expect(rows).toEqual([{ input: { attempt: 2 } }])
  })

  it('G-43: has a job exist if and only if the transaction commits that it was enqueued in', async () => {
    const shop = await open(driver, () => null)
    const insertMany = (client: unknown): Promise<readonly Enqueued[]> =>
      shop.jobs.enqueueMany(
        [
          {
            type: 'receipt',
            input: { snake_case: "O'Hara \\ $1", none: null, 日本: 1.5 },
            idempotencyKey: 'k',
            metadata: { a_b: true },
            tags: ['one', 'two'],
            priority: 3,
          },
          { type: 'receipt', input: 'text', singleton: 'desk', debounce: '1h', tags: ['x'] },
          { type: 'receipt', input: null, runAt: '2026-11-23T00:00:00.000Z' },
        ],
        { principal: ada, transaction: shop.connected.join(client) },
      )
    await expect(
      shop.connected.transaction(async (client) => {
        await insertMany(client)
        throw new Error('changed my mind')
      }),
    ).rejects.toThrow('changed my mind')
    expect(await shop.db.query('select from longhaul.jobs')).toEqual([])
    const made = await shop.connected.transaction(insertMany)
    for (const { job } of made) expect((await shop.jobs.get(ada, job.id)).value).toEqual(job)
    expect(await shop.db.query('select from longhaul.jobs')).toHaveLength(3)
    // Asked for again, the first is there by its key and the second as a singleton.
    const again = await shop.connected.transaction(insertMany)
    expect(again.slice(0, 2)).toMatchObject([
      { replayed: true, job: { id: made[0]!.job.id } },
      { replayed: true, job: { id: made[1]!.job.id } },
    ])
  })

  it.each([
    [
      'another database',
      async (connection: pg.ClientConfig) => ({ ...connection, database: 'postgres' }),
    ],
    ['the database of another app with Longhaul', async () => (await testDatabase()).connection],
  ])('says so when it is on %s, and is not tried again', async (_, place) => {
    const run: Run = ({ step }, { transactions }) =>
      step('save', { transaction: transactions, retry: { attempts: 3 } }, () => 'saved')
    const shop = await open(driver, run, { place })
    await shop.startWorker()
    const id = await shop.enqueue('order')
    expect(await shop.until(id, 'completed', 'failed')).toMatchObject({
      status: 'failed',
      attempt: 1,
      error: { code: 'wrong_database' },
    })
    expect(await shop.jobs.steps(ada, id)).toMatchObject([{ runs: 1 }])
  })
})

describe('a step in a transaction', () => {
  it('G-42: of a job that was cancelled and has settled commits nothing', async () => {
    const gate = deferred()
    const ends = deferred<unknown>()
    const shop = await open(
      ofPg,
      async ({ step }, { transactions, insert }) => {
        const saving = step('save', { transaction: transactions }, async (client) => {
          await insert(client, 'late')
          await gate.promise
        })
        await saving.then(ends.resolve, ends.resolve)
      },
      { options: { cancelGrace: '10ms' } },
    )
    await shop.startWorker()
    const id = await shop.enqueue('order')
    await shop.until(id, 'running')
    await shop.jobs.cancel({ principal: ada, id })
    await shop.until(id, 'cancelled')
    gate.resolve()
    await ends.promise
    expect(await shop.notes()).toEqual([])
    expect((await shop.job(id)).status).toBe('cancelled')
  })

  it('commits nothing once its time is over, whatever its work still does', async () => {
    const gate = deferred()
    const written = deferred()
    const opened: Promise<unknown>[] = []
    const shop = await open(
      ofPg,
      ({ step }, { transactions, insert }) => {
        const transaction: typeof transactions = {
          open(work) {
            const ends = transactions.open(work)
            opened.push(ends)
            return ends
          },
        }
        const options = {
          transaction,
          timeout: '100ms',
          retry: { attempts: 5, minDelay: 0 },
        } as const
        return step('save', options, async (client) => {
          await gate.promise
          await insert(client, 'late')
          written.resolve()
        })
      },
      { options: { retry: { attempts: 1 } } },
    )
    await shop.startWorker()
    const id = await shop.enqueue('order')
    expect(await shop.until(id, 'failed')).toMatchObject({ error: { code: 'step_timeout' } })
    gate.resolve()
    await written.promise
    expect((await Promise.allSettled(opened)).map(({ status }) => status)).toEqual(
      opened.map(() => 'rejected'),
    )
    expect(await shop.notes()).toEqual([])
  })

  it('of Prisma fails in Prisma’s words when Prisma has ended it', async () => {
    const shop = await open(
      ofPg,
      ({ step }) => {
        const transaction = fromPrisma(openPrisma(shop.db.connection), { timeout: 100 })
        return step('save', { transaction }, async (tx) => {
          const isOpen = (): Promise<boolean> =>
            tx.order.count().then(
              () => true,
              () => false,
            )
          while (await isOpen());
        })
      },
      { options: { retry: { attempts: 1 } } },
    )
    await shop.startWorker()
    const id = await shop.enqueue('order')
    expect(await shop.until(id, 'failed')).toMatchObject({
      error: { message: expect.stringContaining('expired transaction') },
    })
  })

  it('ends a statement that hangs when its time is over', async () => {
    const hung = deferred<unknown>()
    const shop = await open(ofPg, ({ step }, { transactions }) => {
      const options = { timeout: '100ms', retry: { attempts: 20, minDelay: 0 } } as const
      return step('save', { ...options, transaction: transactions }, async (client) => {
        await (client as pg.PoolClient).query('select pg_sleep(600)').catch(hung.resolve)
      })
    })
    await shop.startWorker()
    await shop.enqueue('order')
    expect(await hung.promise).toMatchObject({ code: '57014' })
  })

  it.each([
    ['a statement', 'create trigger refuse before insert on public.orders'],
    [
      'the commit',
      'create constraint trigger refuse after insert on public.orders deferrable initially deferred',
    ],
  ])('is run again by its own retry when Postgres ends %s for a conflict', async (_, trigger) => {
    let runs = 0
    const shop = await open(
      ofPg,
      ({ step }, { transactions, insert }) => {
        const options = { transaction: transactions, retry: { attempts: 2, minDelay: 0 } }
        return step('save', options, (client) => {
          runs += 1
          return insert(client, runs === 1 ? 'conflict' : 'no conflict').then(() => null)
        })
      },
      { options: { retry: { attempts: 1 } } },
    )
    await shop.db.query(`
      create function public.refuse() returns trigger language plpgsql as $$ begin
        if new.note = 'conflict' then raise serialization_failure; end if;
        return new;
      end $$`)
    await shop.db.query(`${trigger} for each row execute function public.refuse()`)
    await shop.startWorker()
    const id = await shop.enqueue('order')
    await shop.until(id, 'completed')
    expect(await shop.notes()).toEqual(['no conflict'])
  })

  it('waits for whoever has the job locked, and does not lose it to them', async () => {
    const reached = deferred()
    const gate = deferred()
    const shop = await open(ofPg, ({ step }, { transactions, insert }) =>
      step('save', { transaction: transactions }, async (client) => {
        await insert(client, 'saved')
        reached.resolve()
        await gate.promise
      }),
    )
    await shop.startWorker()
    const id = await shop.enqueue('order')
    await reached.promise
    const other = await shop.db.connect()
    await other.query('begin; select from longhaul.jobs for update')
    gate.resolve()
    const blocked = 'select 1 from pg_stat_activity where cardinality(pg_blocking_pids(pid)) > 0'
    while ((await shop.db.query(blocked)).length === 0) await new Promise(setImmediate)
    await other.query('commit')
    await shop.until(id, 'completed')
    expect(await shop.notes()).toEqual(['saved'])
  })
})
