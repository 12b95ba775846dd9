/** What workers do with jobs, and what comes of it. */
import { itemsLeft, settle, showItems } from './items.js'
import { type Model, type ModelJob, noItems, type Order } from './model.js'
import { endTrials, isHeld, letOut, lose } from './quarantine.js'
import { beginWait, canGoOn, goOn, keyOf, suspend } from './waits.js'

/** Workers take all that they can: none of it waits for anything once they have. */
export function work(model: Model): void {
  for (let isMoving = true; isMoving;) {
    isMoving = letOut(model)
    for (const job of model.jobs) {
      while (model.working && isReady(job)) {
        take(model, job)
        isMoving = true
      }
    }
  }
}

function isReady(job: ModelJob): boolean {
  if (job.status === 'queued') return job.due
  return job.status === 'waiting' && itemsLeft(job) === 0 && canGoOn(job)
}

function take(model: Model, job: ModelJob): void {
  if (job.status === 'queued' && !job.handedBack) job.progress = 0
  job.handedBack = false
  job.status = 'running'
  job.attempt += 1
  job.claims += 1
  if (itemsLeft(job) > 0) {
    showItems(job)
    return suspend(job)
  }
  job.itemsSeen = { ...noItems, ...job.items }
  goOn(model, job)
}

/** A running job does what it was told. */
export function obey(model: Model, job: ModelJob, order: Order): void {
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
      return attemptFails(job, 'handler_error', true)
    case 'fail':
      return attemptFails(job, 'refused', order.retryable)
    case 'complete':
      return complete(job, order.value)
    case 'sleep':
    case 'wait':
    case 'spawn':
      beginWait(job, order)
      return goOn(model, job)
  }
}

function stepEnds(job: ModelJob, status: 'completed' | 'failed'): void {
  const key = keyOf('work', job.stepsDone + 1)
  const runs = Number(job.steps.get(key)?.split(' ')[1] ?? 0)
  job.steps.set(key, `${status} ${runs + 1}`)
}

function complete(job: ModelJob, value: number): void {
  const waits = job.waits.filter(({ kind }) => kind !== 'sleep')
  job.result = { value, received: waits.map(({ received }) => received), items: job.itemsSeen }
  job.progress = 100
  settle(job, 'completed')
}

function attemptFails(job: ModelJob, code: string, retryable: boolean): void {
  job.attempts.push({ attempt: job.attempt, code })
  if (retryable && job.attempt < job.maxAttempts) {
    job.status = 'queued'
    job.due = true
    return
  }
  job.errorCode = code
  settle(job, 'failed')
}

/** Whatever waits for time has waited long enough; but not those in quarantine, who wait for each other. */
export function letTimePass(model: Model): void {
  for (const job of model.jobs) {
    const suspect = model.quarantine.get(job)
    if (suspect === undefined || suspect.isOut || !isHeld(job, suspect)) job.due = true
    for (const wait of job.waits)
      if (wait.kind !== 'children' && !wait.over && wait.ends) wait.due = true
  }
  endTrials(model)
}

/** The worker hands its jobs back untried, or dies and each of them was lost. */
export function workEnds(model: Model, how: 'stops' | 'dies'): void {
  model.working = false
  if (how === 'dies') return lose(model)
  for (const job of model.jobs) {
    if (job.status === 'running')
      Object.assign(job, {
        status: 'queued',
        due: true,
        attempt: job.attempt - 1,
        handedBack: true,
      })
  }
}
