/**
 * What jobs should be, in memory: the status table, and what each thing that can happen does to a
 * job. It knows nothing of leases, fences, hints or locks: those are there so that this is true.
 */
import { isSettled, type JobStatus } from '../../src/core/index.js'

/** What a test tells a handler to do next. */
export type Order =
  | { readonly to: 'step' | 'fail in a step' | 'sleep' }
  | { readonly to: 'progress'; readonly percent: number }
  | { readonly to: 'wait'; readonly name: string; readonly timeout: boolean }
  | { readonly to: 'complete'; readonly value: number }
  | { readonly to: 'fail'; readonly retryable: boolean }

interface Wait {
  readonly key: string
  /** What it waits for; absent for a sleep. */
  readonly name?: string
  /** Whether time alone ends it. */
  readonly ends: boolean
  over: boolean
}

export interface ModelJob {
  readonly id: string
  status: JobStatus | 'deleted'
  /** Whether a worker could take it, while it is queued. */
  due: boolean
  attempt: number
  maxAttempts: number
  progress: number
  errorCode: string | null
  result: unknown
  readonly steps: Map<string, string>
  stepsDone: number
  readonly waits: Wait[]
  /** Sent and not yet received. */
  readonly signals: { readonly name: string; readonly payload: number }[]
  readonly received: (number | null)[]
  readonly lastWait: { due: boolean }
}

export interface Model {
  /** Tells the keys of this run from those of the one before. */
  readonly run: number
  readonly jobs: ModelJob[]
  readonly byKey: Map<string, ModelJob>
  working: boolean
  zombies: number
}

export const attemptsOfPolicy = 3

export function createModel(run: number): Model {
  return { run, jobs: [], byKey: new Map(), working: true, zombies: 0 }
}

export function isLegal(job: ModelJob, action: 'cancel' | 'retry' | 'signal' | 'delete'): boolean {
  if (job.status === 'deleted') return false
  if (action === 'delete') return isSettled(job.status)
  if (action === 'retry') return job.status === 'failed' || job.status === 'cancelled'
  return !isSettled(job.status) || (action === 'cancel' && job.status === 'cancelled')
}

export function create(model: Model, id: string, due: boolean): ModelJob {
  const job: ModelJob = {
    id,
    status: 'queued',
    due,
    attempt: 0,
    maxAttempts: attemptsOfPolicy,
    progress: 0,
    errorCode: null,
    result: null,
    steps: new Map(),
    stepsDone: 0,
    waits: [],
    signals: [],
    received: [],
    lastWait: { due: false },
  }
  model.jobs.push(job)
  return job
}

/** Workers take all that they can: none of it waits for anything once they have. */
export function work({ jobs, working }: Model): void {
  for (const job of jobs) {
    while (working && isReady(job)) {
      if (job.status === 'queued') job.progress = 0
      job.status = 'running'
      job.attempt += 1
      goOn(job)
    }
  }
}

function isReady(job: ModelJob): boolean {
  if (job.status === 'queued') return job.due
  return job.status === 'waiting' && canGoOn(job)
}

function openWait({ waits }: ModelJob): Wait | undefined {
  const last = waits.at(-1)
  return last?.over === false ? last : undefined
}

function canGoOn(job: ModelJob): boolean {
  const wait = openWait(job)
  return job.lastWait.due || job.signals.some(({ name }) => name === wait?.name)
}

/** The handler runs, up to where it stands: it goes on, or waits there. */
function goOn(job: ModelJob): void {
  const wait = openWait(job)
  if (wait === undefined) return
  if (!canGoOn(job)) {
    job.steps.set(wait.key, 'running 1')
    job.status = 'waiting'
    job.attempt -= 1
    return
  }
  const n = job.signals.findIndex(({ name }) => name === wait.name)
  const [signal] = n === -1 ? [] : job.signals.splice(n, 1)
  if (wait.name !== undefined) job.received.push(signal?.payload ?? null)
  wait.over = true
  job.steps.set(wait.key, 'completed 1')
}

/** A running job does what it was told. */
export function obey(job: ModelJob, order: Order): void {
  switch (order.to) {
    case 'progress':
      job.progress = Math.max(job.progress, order.percent)
      return
    case 'step':
      stepEnds(job, 'completed')
      job.stepsDone += 1
      return
    case 'fail in a step':
      stepEnds(job, 'failed')
      return attemptFails(job, 'handler_error')
    case 'fail':
      if (order.retryable) return attemptFails(job, 'refused')
      job.status = 'failed'
      job.errorCode = 'refused'
      return
    case 'complete':
      job.status = 'completed'
      job.progress = 100
      job.result = { value: order.value, received: [...job.received] }
      return
    case 'sleep':
      return beginWait(job, 'sleep', { ends: true })
    case 'wait':
      return beginWait(job, order.name, { name: order.name, ends: order.timeout })
  }
}

function beginWait(job: ModelJob, name: string, wait: Omit<Wait, 'key' | 'over'>): void {
  const uses = job.waits.filter((each) => (each.name ?? 'sleep') === name).length
  job.waits.push({ ...wait, key: keyOf(name, uses + 1), over: false })
  job.lastWait.due = false
  goOn(job)
}

function stepEnds(job: ModelJob, status: 'completed' | 'failed'): void {
  const key = keyOf('work', job.stepsDone + 1)
  const runs = Number(job.steps.get(key)?.split(' ')[1] ?? 0)
  job.steps.set(key, `${status} ${runs + 1}`)
}

function keyOf(name: string, use: number): string {
  return use === 1 ? name : `${name}#${use}`
}

function attemptFails(job: ModelJob, code: string): void {
  if (job.attempt < job.maxAttempts) {
    job.status = 'queued'
    job.due = true
    return
  }
  job.status = 'failed'
  job.errorCode = code
}

export function retry(job: ModelJob): void {
  Object.assign(job, { status: 'queued', due: true, progress: 0, errorCode: null })
  job.maxAttempts = job.attempt + attemptsOfPolicy
}

/** Whatever waits for time has waited long enough. */
export function letTimePass({ jobs }: Model): void {
  for (const job of jobs) {
    job.due = true
    if (openWait(job)?.ends === true) job.lastWait.due = true
  }
}

/** The worker hands its jobs back untried, or dies and each of them has failed once more. */
export function workEnds(model: Model, how: 'stops' | 'dies'): void {
  model.working = false
  for (const job of model.jobs) {
    if (job.status !== 'running') continue
    if (how === 'dies') attemptFails(job, 'attempts_exhausted')
    else Object.assign(job, { status: 'queued', due: true, attempt: job.attempt - 1 })
  }
}
