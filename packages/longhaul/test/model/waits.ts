/** What handlers wait for, without holding a worker. */
import type { ChildFailureCode } from '../../src/core/index.js'
import { settle } from './items.js'
import { create, isOver, type Model, type ModelJob, type Order } from './model.js'

interface Waiting {
  over: boolean
  /** What the handler got, which is in the job's result. */
  received: unknown
}

interface TimeOrSignal extends Waiting {
  readonly kind: 'sleep' | 'signal'
  readonly key: string
  readonly name: string
  /** Whether time alone ends it, */
  readonly ends: boolean
  /** and has come. */
  due: boolean
}

interface Children extends Waiting {
  readonly kind: 'children'
  /** By the key of the step; absent: to be spawned. */
  readonly born: Map<string, ModelJob | undefined>
  readonly results: Map<string, unknown>
  readonly careful: boolean
}

export type Wait = TimeOrSignal | Children

const childType = 'scripted'

export function keyOf(name: string, use: number): string {
  return use === 1 ? name : `${name}#${use}`
}

export function beginWait(
  job: ModelJob,
  order: Extract<Order, { to: 'sleep' | 'wait' | 'spawn' }>,
): void {
  const open = { over: false, received: null }
  if (order.to === 'spawn') {
    const uses = job.waits.flatMap((wait) =>
      wait.kind === 'children' ? [...wait.born] : [],
    ).length
    const keys = Array.from({ length: order.children }, (_, n) => keyOf(childType, uses + n + 1))
    const born = new Map(keys.map((key) => [key, undefined]))
    job.waits.push({ ...open, kind: 'children', born, results: new Map(), careful: order.careful })
    return
  }
  const [kind, name, ends] =
    order.to === 'sleep'
      ? (['sleep', 'sleep', true] as const)
      : (['signal', order.name, order.timeout] as const)
  const uses = job.waits.filter((wait) => wait.kind !== 'children' && wait.name === name).length
  const key = keyOf(name, uses + 1)
  job.steps.set(key, 'running 1')
  job.waits.push({ ...open, kind, name, ends, key, due: false })
}

export function canGoOn(job: ModelJob): boolean {
  const wait = job.waits.find(({ over }) => !over)
  if (wait === undefined) return true
  if (wait.kind === 'children')
    return [...wait.born.values()].every((child) => child !== undefined && isOver(child))
  return wait.due || job.signals.some(({ name }) => name === wait.name)
}

/** The handler runs, from its beginning to where it stands: it goes on, or waits there. */
export function goOn(model: Model, job: ModelJob): void {
  for (const wait of job.waits) {
    if (wait.over) continue
    if (wait.kind === 'children') spawnUnborn(model, job, wait)
    if (!canGoOn(job)) return suspend(job)
    wait.over = true
    if (wait.kind !== 'children') {
      receive(job, wait)
      continue
    }
    const failure = collect(job, wait)
    if (failure === undefined || wait.careful) continue
    job.attempts.push({ attempt: job.attempt, code: failure })
    job.errorCode = failure
    return settle(job, 'failed')
  }
}

/** As if the attempt had not been. */
export function suspend(job: ModelJob): void {
  job.status = 'waiting'
  job.attempt -= 1
}

function spawnUnborn(model: Model, parent: ModelJob, { born }: Children): void {
  for (const [key, child] of born) {
    if (child !== undefined) continue
    born.set(key, create(model, '', { parent, bornAs: key }))
    parent.steps.set(key, 'running 1')
  }
}

function receive(job: ModelJob, wait: TimeOrSignal): void {
  const n = job.signals.findIndex(({ name }) => name === wait.name)
  const [signal] = n === -1 ? [] : job.signals.splice(n, 1)
  wait.received = signal?.payload ?? null
  job.steps.set(wait.key, 'completed 1')
}

/** @returns why the first of them failed that did */
function collect(job: ModelJob, wait: Children): ChildFailureCode | undefined {
  let first: ChildFailureCode | undefined
  for (const [key, child] of wait.born) {
    if (job.steps.get(key) === 'completed 1') continue
    const failure = failureOf(child!)
    first ??= failure
    if (failure === undefined) wait.results.set(key, child!.result)
    job.steps.set(key, failure === undefined ? 'completed 1' : 'failed 1')
  }
  wait.received = first ?? [...wait.born.keys()].map((key) => wait.results.get(key))
  return first
}

function failureOf({ status }: ModelJob): ChildFailureCode | undefined {
  if (status === 'completed') return undefined
  if (status === 'deleted') return 'child_deleted'
  return status === 'cancelled' ? 'child_cancelled' : 'child_failed'
}

/** Who retries a job has it wait again for those of its children that had not completed. What is gone is spawned anew. */
export function waitAgain(job: ModelJob): void {
  for (const wait of job.waits) {
    if (wait.kind !== 'children') continue
    for (const [key, child] of wait.born) {
      if (child === undefined || job.steps.get(key) === 'completed 1') continue
      wait.over = false
      if (child.status === 'deleted') {
        wait.born.set(key, undefined)
        job.steps.delete(key)
      } else job.steps.set(key, 'running 1')
    }
  }
}
