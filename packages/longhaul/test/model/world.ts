/**
 * The real thing, made to stand still: real workers on a real Postgres, whose handlers do one
 * thing at a time, when they are told to. A worker that dies is one whose connection stops: what
 * it still wants to write comes when it wakes up.
 */
import { randomUUID } from 'node:crypto'
import { onTestFinished } from 'vitest'
import {
  ChildFailure,
  type JobDefinition,
  type JobContext,
  JobFailure,
  type Json,
} from '../../src/core/index.js'
import { startSweeps, startWorker, type Worker } from '../../src/engine/index.js'
import { silent, type TestEngine, testEngine, testJob } from '../engine.js'
import { createDesk, type Desk, ghostly, isGhostly } from './desk.js'
import { createLine, type Line } from './line.js'
import { attemptsOfPolicy, type Order } from './model.js'
import { age, stopClock } from './time.js'

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
  /** Whatever waits for time has waited long enough. */
  letTimePass(): Promise<void>
  /** As it was in the beginning. */
  reset(): Promise<void>
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
  await stopClock(db)
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
    const { job, step, sleep, waitForSignal, spawn, progress, signal } = context
    const { total, completed, failed, cancelled } = context.items
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
      else if (order.to === 'spawn') received.push(await spawnFor(context, order))
    }

    for (const order of script) await obey(order)
    for (;;) {
      const order = await desk.next(job.id, signal)
      if (order === 'haunt') await step('haunted', () => undefined).catch(() => undefined)
      if (order === 'breed') await spawn('scripted', {}).catch(() => undefined)
      if (isGhostly(order)) return 'from the dead'
      if (order.to === 'complete')
        return { value: order.value, received, items: { total, completed, failed, cancelled } }
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
      const definition = handler(desk)
      const worker = await startWorker({
        db: line.db,
        connection: db.connection,
        hints,
        definitions: [definition],
        jobTypes: {
          definitions: new Map([[definition.type, definition]]),
          makeId: () => randomUUID(),
        },
        logger: silent,
        name: 'model',
        concurrency: 500,
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
      await db.query(`update longhaul.workers set lease_expires_at = now() - interval '1 second'`)
    },

    async wakeZombies() {
      for (const { worker, desk, line } of zombies.splice(0)) {
        deaths += 1
        desk.giveAll(ghostly[deaths % ghostly.length]!)
        const stopped = worker.stop({ graceMs: 50 })
        line.restore()
        await stopped
      }
    },

    async letTimePass() {
      await age(db)
      hints.send({ scheduled: true })
    },

    async reset() {
      await world.wakeZombies()
      await world.stopWorker()
      await db.query(`
        delete from longhaul.ready_jobs;
        delete from longhaul.quarantined_jobs;
        delete from longhaul.steps;
        delete from longhaul.jobs`)
      violations.length = 0
      await world.startWorker()
    },
  }
  await world.startWorker()
  return world
}

async function spawnFor(
  { spawnAll }: JobContext<Json>,
  { children, careful }: Extract<Order, { to: 'spawn' }>,
): Promise<Json> {
  const requests = Array.from({ length: children }, () => ({ job: 'scripted', input: {} }))
  try {
    return await spawnAll(requests)
  } catch (error) {
    if (careful && error instanceof ChildFailure) return error.code
    throw error
  }
}
