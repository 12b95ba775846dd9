import { expect, it, onTestFinished } from 'vitest'
import type { Job, Json } from '../src/core/index.js'
import { createLonghaul, type Longhaul } from '../src/server/index.js'
import { startServer } from './chaos/server.js'
import { shiftedClock } from './chaos/shifted-clock.js'
import { ada } from './database.js'
import { deferred, silent, testJob } from './engine.js'

it(
  'F21, G-48: loses and repeats nothing when the database’s clock goes back and forth by 90 s',
  { timeout: 60_000 },
  async () => {
    const clock = await shiftedClock()
    const server = await startServer([], { environment: clock.environment })
    const stored: string[] = []
    const gates = { back: deferred(), forth: deferred() }
    const app = createLonghaul({
      jobs: [
        testJob('quick', ({ step }) => step('only', () => 1)),
        testJob('held', async ({ input, job, step }) => {
          await step('before', () => stored.push(`${job.id} before`))
          await gates[input as keyof typeof gates].promise
          await step('after', () => stored.push(`${job.id} after`))
        }),
      ],
      database: server.connection,
      authenticate: () => ada,
      logger: silent,
    }) as unknown as Longhaul
    onTestFinished(() => app.stop({ graceMs: 0 }))
    await app.start()
    await app.work({ lease: '4s' })
    const enqueue = async (type: string, input: Json = {}): Promise<string> =>
      (await app.jobs.enqueue(type as never, input, { principal: ada })).id
    const until = async (id: string, test: (job: Job) => boolean): Promise<Job> => {
      for (;;) {
        const job = await app.jobs.get(ada, id).catch(() => undefined)
        if (job !== undefined && test(job)) return job
        await new Promise((resolve) => setTimeout(resolve, 25))
      }
    }
    const leases = async (): Promise<string> =>
      JSON.stringify(await server.query('select id, lease_expires_at from longhaul.workers'))
    const held = [await enqueue('held', 'back'), await enqueue('held', 'forth')] as const
    for (const id of held) await until(id, ({ status }) => status === 'running')
    while (stored.length < 2) await new Promise((resolve) => setTimeout(resolve, 25))

    await clock.set(-90)
    for (let renewal = 0, last = await leases(); renewal < 4;) {
      const now = await leases()
      if (now !== last) renewal += 1
      last = now
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
    const meanwhile = await Promise.all([1, 2, 3].map(() => enqueue('quick')))
    for (const id of meanwhile) await until(id, ({ status }) => status === 'completed')
    gates.back.resolve()
    // Its lease was over by no clock: it is the same attempt.
    expect(await until(held[0], ({ status }) => status === 'completed')).toMatchObject({
      attempt: 1,
    })

    await clock.set(0)
    // To whoever looks at the leases now, all of them are long over.
    const later = await enqueue('quick')
    await until(later, ({ status }) => status === 'completed')
    gates.forth.resolve()
    expect((await until(held[1], ({ status }) => status === 'completed')).attempt).toBeLessThan(3)

    expect(stored.filter((each) => each.endsWith('before')).sort()).toEqual(
      held.map((id) => `${id} before`).sort(),
    )
    expect(await server.query('select from longhaul.jobs where finished_at is null')).toEqual([])
  },
)
