/** What is done to a job is done to those it has spawned, and to its items when it is a batch. */
import { countItem, recount, settle } from './items.js'
import { attemptsOfPolicy, isOver, type Model, type ModelJob } from './model.js'
import { waitAgain } from './waits.js'

/** All the way down, also below those that have settled. */
export function cancel(model: Model, job: ModelJob): void {
  if (!isOver(job)) settle(job, 'cancelled')
  for (const child of childrenOf(model, job)) cancel(model, child)
}

/** As far down as jobs failed or were cancelled; those that completed keep their results. */
export function retry(model: Model, job: ModelJob): void {
  const before = job.status === 'failed' ? 'failed' : 'cancelled'
  Object.assign(job, { status: 'queued', due: true, progress: 0, errorCode: null })
  job.maxAttempts = job.attempt + attemptsOfPolicy
  countItem(job, before, -1)
  waitAgain(job)
  model.quarantine.delete(job)
  const children = childrenOf(model, job)
  for (const child of children)
    if (child.status === 'failed' || child.status === 'cancelled') retry(model, child)
  if (job.items !== undefined) recount(job.items, children)
}

function childrenOf({ jobs }: Model, job: ModelJob): ModelJob[] {
  return jobs.filter(({ parent }) => parent === job)
}
