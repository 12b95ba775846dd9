/**
 * The real thing, made to stand still: real workers on a real Postgres, whose handlers do one
 * thing at a time, when they are told to. A worker that dies is one whose connection stops: what
 * it still wants to write comes when it wakes up.
 */
import { randomUUID } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { type JobDefinition, type JobContext, JobFailure, type Json } from '../../src/core/index.js'
import { startSweeps, startWorker, type Worker } from '../../src/engine/index.js'
import type { OwnDatabase } from '../../src/postgres/index.js'
import { silent, type TestEngine, testEngine, testJob } from '../engine.js'
import { createDesk, type Desk } from './desk.js'
import { attemptsOfPolicy, type Order } from './model.js'

export interface World {
  readonly engine: TestEngine
  /** What was seen that must never be. */
  readonly violations: string[]
  tell(id: string, order: Order): void
  startWorker(): Promise<void>
  stopWorker(): Promise<void>
  /** Its lease runs out, and its statements are stuck on their way. */
  killWorker(): Promise<void>
  /** Those that died come back, and finish what they were doing. */
  wakeZombies(): Promise<void>
  /** Whatever waits for time has waited long enough: rows are aged, not clocks. */
  letTimePass(): Promise<void>
}

interface Hand {
  readonly worker: Worker
  readonly desk: Desk
  readonly line: Line
}

export async function createWorld(): Promise<World> {
  const violations: string[] = []
  /** What each job was told that its next attempts must come to again. */
  const scripts = new Map<string, Order[]>()
  const finished = new Set<string>()
  const engine = await testEngine([handler(createDesk())])
  const { db, hints, jobs, schedules } = engine
  const sweeps = startSweeps({ db, hints, jobs, schedules, logger: silent, rescueMs: 50 })
  let hand: Hand | undefined
  const zombies: Hand[] = []
  let deaths = 0
  onTestFinished(async () => {
    await sweeps.stop()
    await world.stopWorker()
    await world.wakeZombies()
  })

  function handler(desk: Desk): JobDefinition {
    return testJob('scripted', (context) => run(context, desk), {
      retry: { attempts: attemptsOfPolicy, minDelay: 0 },
    })
  }

  async function run(context: JobContext<Json>, desk: Desk): Promise<unknown> {
    const { job, step, sleep, waitForSignal, progress, signal } = context
    const received: Json[] = []
    const script = scripts.get(job.id) ?? []
    scripts.set(job.id, script)

    async function doStep(): Promise<void> {
      let key = ''
      await step('work', ({ idempotencyKey }) => {
        key = idempotencyKey
        if (finished.has(key)) violations.push(`${key} ran again after its result was stored`)
      })
      finished.add(key)
    }

    async function obey(order: Order): Promise<void> {
      if (order.to === 'step') await doStep()
      else if (order.to === 'sleep') await sleep('1h')
      else if (order.to === 'progress') progress(order.percent)
      else if (order.to === 'wait')
        received.push(
          (await waitForSignal(order.name, order.timeout ? { timeout: '1h' } : {})) ?? null,
        )
    }

    for (const order of script) await obey(order)
    for (;;) {
      const order = await desk.next(job.id, signal)
      if (order === 'haunt') {
        await step('haunted', () => undefined).catch(() => undefined)
        return 'from the dead'
      }
      if (order === 'return') return 'from the dead'
      if (order.to === 'complete') return { value: order.value, received }
      if (order.to === 'fail')
        throw new JobFailure('told to', { code: 'refused', retryable: order.retryable })
      if (order.to === 'fail in a step')
        await step('work', () => {
          throw new Error('told to')
        })
      if (order.to !== 'progress') script.push(order)
      await obey(order)
    }
  }

  const world: World = {
    engine,
    violations,
    tell: (id, order) => hand?.desk.give(id, order),

    async startWorker() {
      const desk = createDesk()
      const line = createLine(db)
      const worker = await startWorker({
        db: line.db,
        connection: db.connection,
        hints,
        definitions: [handler(desk)],
        jobTypes: { definitions: new Map(), makeId: () => randomUUID() },
        logger: silent,
        name: 'model',
        concurrency: 50,
        leaseMs: 60_000,
        maxBlockedMs: 60_000,
        pollMs: 200,
        stopGraceMs: 200,
      })
      hand = { worker, desk, line }
    },

    async stopWorker() {
      await hand?.worker.stop({ graceMs: 0 })
      hand = undefined
    },

    async killWorker() {
      if (hand === undefined) return
      hand.line.cut()
      zombies.push(hand)
      hand = undefined
      // The model knows no neighbours: which of them kills their worker is asked in quarantine.test.ts.
      await db.query(
        `update longhaul.jobs set attempts = '[]', version = version + 1 where status = 'running'`,
      )
      await db.query(`update longhaul.workers set lease_expires_at = now() - interval '1 second'`)
    },

    async wakeZombies() {
      for (const { worker, desk, line } of zombies.splice(0)) {
        deaths += 1
        desk.giveAll(deaths % 2 === 0 ? 'haunt' : 'return')
        const stopped = worker.stop({ graceMs: 50 })
        line.restore()
        await stopped
      }
    },

    async letTimePass() {
      await db.query(
        `update longhaul.steps set wakes_at = now() where status = 'running' and wakes_at is not null`,
      )
      await db.query(`update longhaul.jobs set promote_at = now() where promote_at < 'infinity'`)
      hints.send({ scheduled: true })
    },
  }
  await world.startWorker()
  return world
}

interface Line {
  readonly db: OwnDatabase
  cut(): void
  restore(): void
}

/** A connection on which statements can get stuck before they reach the database. */
function createLine(db: OwnDatabase): Line {
  let open = Promise.resolve()
  let restore = (): void => undefined
  return {
    db: {
      ...db,
      run: (query) => open.then(() => db.run(query)),
      transaction: (work) => open.then(() => db.transaction(work)),
    },
    cut() {
      open = new Promise((resolve) => (restore = resolve))
    },
    restore: () => restore(),
  }
}
