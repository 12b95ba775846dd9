import fc from 'fast-check'
import { expect } from 'vitest'
import type { ErrorCode, Principal } from '../../src/core/index.js'
import { ada, bob, grace } from '../database.js'
import { agree } from './agree.js'
import { cancel, retry } from './family.js'
import {
  create,
  createBatch,
  isLegal,
  isOver,
  type Model,
  type ModelJob,
  type Order,
} from './model.js'
import { letTimePass, obey, work, workEnds } from './work.js'
import type { World } from './world.js'

type Command = fc.AsyncCommand<Model, World>

/** One thing that happens, to the model and to the world, which then have to agree. */
function command(
  name: string,
  happens: (model: Model, world: World) => Promise<void>,
  check: (model: Model) => boolean = () => true,
): Command {
  return {
    toString: () => name,
    check: (model) => check(model),
    async run(model, world) {
      await happens(model, world)
      work(model)
      await agree(model, world)
    },
  }
}

const pick = fc.nat(20)
const nth = (jobs: readonly ModelJob[], n: number): ModelJob => jobs[n % jobs.length]!
const hasJobs = ({ jobs }: Model): boolean => jobs.length > 0
/** More would only be in each other's way of being chosen. */
const hasRoom = ({ jobs }: Model): boolean => jobs.filter((job) => !isOver(job)).length < 6
const runningOf = ({ jobs }: Model): ModelJob[] => jobs.filter(({ status }) => status === 'running')

function createJob(delayed: boolean): Command {
  return command(
    delayed ? 'create, for later' : 'create',
    async (model, { engine }) => {
      const delay = delayed ? { delay: '1h' as const } : {}
      const { job } = await engine.jobs.enqueue('scripted', {}, { principal: ada, ...delay })
      create(model, job.id, { due: !delayed })
    },
    hasRoom,
  )
}

function enqueueBatch(size: number): Command {
  return command(
    `create a batch of ${size}`,
    async (model, { engine }) => {
      const items = Array.from({ length: size }, () => ({ type: 'scripted', input: {} }))
      const { job } = await engine.jobs.enqueue('scripted', {}, { principal: ada, items })
      const rows = await engine.db.query(
        'select id::text from longhaul.jobs where parent_id = $1 order by id',
        [job.id],
      )
      const ids = rows.map((row) => String(row['id']))
      expect(ids).toHaveLength(size)
      createBatch(model, job.id, ids)
    },
    hasRoom,
  )
}

function createWithKey(key: string): Command {
  return command(`create with key ${key}`, async (model, { engine }) => {
    const known = model.byKey.get(key)
    const options = { principal: ada, idempotencyKey: `${model.run} ${key}` }
    const answers = await Promise.all(
      [1, 2].map(() => engine.jobs.enqueue('scripted', {}, options)),
    )
    const ids = new Set(answers.map(({ job }) => job.id))
    expect(ids.size).toBe(1)
    const [id] = ids
    if (known === undefined || known.status === 'deleted') model.byKey.set(key, create(model, id!))
    else expect(id).toBe(known.id)
  })
}

function tell(order: Order, n: number): Command {
  return command(
    `tell ${n} to ${JSON.stringify(order)}`,
    async (model, world) => {
      const job = nth(runningOf(model), n)
      world.tell(job.id, order)
      obey(model, job, order)
    },
    (model) => runningOf(model).length > 0 && (order.to !== 'spawn' || hasRoom(model)),
  )
}

type Act = 'cancel' | 'retry' | 'delete' | 'signal'

function ask(
  { engine: { jobs } }: World,
  { principal, id, act, name = 'go', payload = 0 }: Asking,
): Promise<unknown> {
  if (act === 'cancel') return jobs.cancel({ principal, id })
  if (act === 'signal') return jobs.signal({ principal, id, name, payload })
  return jobs[act](principal, id)
}

interface Asking {
  readonly principal: Principal
  readonly id: string
  readonly act: Act
  readonly name?: string
  readonly payload?: number
}

/** By the job's owner; what the status table does not list is refused, and changes nothing. */
function byOwner(asked: { act: Act; n: number; name: string; payload: number }): Command {
  return command(
    `${asked.act} ${asked.n}${asked.act === 'signal' ? ` ${asked.name}` : ''}`,
    async (model, world) => {
      const legal = model.jobs.filter((job) => isLegal(job, asked.act))
      const job = nth(asked.n % 4 === 0 || legal.length === 0 ? model.jobs : legal, asked.n)
      const answer = ask(world, { ...asked, principal: ada, id: job.id })
      if (!isLegal(job, asked.act)) return refuses(answer, refusalOf(job, asked.act))
      await answer
      if (asked.act === 'cancel' && job.status !== 'cancelled') cancel(model, job)
      if (asked.act === 'retry') retry(model, job)
      if (asked.act === 'delete') remove(model, job)
      if (asked.act === 'signal') job.signals.push(asked)
    },
    hasJobs,
  )
}

function remove(model: Model, job: ModelJob): void {
  job.status = 'deleted'
  model.quarantine.delete(job)
}

function refusalOf(job: ModelJob, asked: Act): ErrorCode {
  if (job.status === 'deleted') return 'job_not_found'
  return asked === 'delete' ? 'job_not_settled' : 'invalid_state'
}

async function refuses(answer: Promise<unknown>, code: ErrorCode): Promise<void> {
  await expect(answer).rejects.toMatchObject({ code })
}

function stranger(principal: Principal, asked: Act, n: number): Command {
  return command(
    `${principal.userId} would ${asked} ${n}`,
    async (model, world) => {
      const { id } = nth(model.jobs, n)
      await refuses(ask(world, { principal, id, act: asked }), 'job_not_found')
    },
    hasJobs,
  )
}

const isWorking = ({ working }: Model): boolean => working
const startWorker = command(
  'a worker starts',
  async (model, world) => {
    await world.startWorker()
    model.working = true
  },
  (model) => !model.working,
)
const stopWorker = command(
  'the worker stops',
  async (model, world) => {
    await world.stopWorker()
    workEnds(model, 'stops')
  },
  isWorking,
)
const killWorker = command(
  'the worker dies',
  async (model, world) => {
    await world.killWorker()
    workEnds(model, 'dies')
    model.zombies += 1
  },
  isWorking,
)
const wakeZombies = command(
  'the dead wake up',
  async (model, world) => {
    await world.wakeZombies()
    model.zombies = 0
  },
  ({ zombies }) => zombies > 0,
)
const timePasses = command('time passes', async (model, world) => {
  await world.letTimePass()
  letTimePass(model)
})

const acts = fc.constantFrom<Act>('cancel', 'retry', 'delete', 'signal')
const names = fc.constantFrom('go', 'go', 'stop')
const some = { n: pick, name: names, payload: fc.nat(9) }
const orders = fc.oneof(
  fc.constantFrom<Order>({ to: 'step' }, { to: 'sleep' }, { to: 'fail in a step' }),
  fc.record({ to: fc.constant('progress' as const), percent: fc.nat(100) }),
  fc.record({ to: fc.constant('wait' as const), name: names, timeout: fc.boolean() }),
  fc.record({
    to: fc.constant('spawn' as const),
    children: fc.integer({ min: 1, max: 3 }),
    careful: fc.boolean(),
  }),
  fc.record({ to: fc.constant('complete' as const), value: fc.nat(9) }),
  fc.record({ to: fc.constant('fail' as const), retryable: fc.boolean() }),
)
const tells = fc.tuple(orders, pick).map(([order, n]) => tell(order, n))

/** The list says how often each is chosen. */
export const commands = [
  fc.boolean().map(createJob),
  fc.constantFrom('a', 'b').map(createWithKey),
  fc.integer({ min: 1, max: 3 }).map(enqueueBatch),
  ...Array.from({ length: 10 }, () => tells),
  fc.record({ act: acts, ...some }).map(byOwner),
  fc.record({ act: acts, ...some }).map(byOwner),
  fc.record({ act: fc.constant<Act>('signal'), ...some }).map(byOwner),
  fc.tuple(fc.constantFrom(bob, grace), acts, pick).map((all) => stranger(...all)),
  fc.constantFrom(stopWorker, killWorker),
  fc.constant(startWorker),
  fc.constant(startWorker),
  fc.constant(wakeZombies),
  fc.constant(timePasses),
]
