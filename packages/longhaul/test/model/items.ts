/** What a batch knows of its items. */
import { isOver, type Items, type ModelJob } from './model.js'

export type Settled = 'completed' | 'failed' | 'cancelled'

const settledStatuses: readonly Settled[] = ['completed', 'failed', 'cancelled']

export function settle(job: ModelJob, status: Settled): void {
  job.status = status
  countItem(job, status, 1)
}

/** Until nobody asks any more. */
export function countItem({ parent, bornAs }: ModelJob, status: Settled, change: 1 | -1): void {
  if (parent?.items === undefined || bornAs !== undefined || isOver(parent)) return
  parent.items[status] += change
  if (parent.status === 'waiting') showItems(parent)
}

export function itemsLeft({ items }: ModelJob): number {
  return items === undefined ? 0 : items.total - settledOf(items)
}

/** The batch's own handler is the last part of what there is to do. */
export function showItems(batch: ModelJob): void {
  const items = batch.items!
  const share = Math.floor((100 * settledOf(items)) / (items.total + 1))
  batch.progress = Math.max(batch.progress, share)
}

function settledOf({ completed, failed, cancelled }: Items): number {
  return completed + failed + cancelled
}

/** When a batch is retried: what was deleted is no item any more. */
export function recount(items: Items, children: readonly ModelJob[]): void {
  const left = children.filter(({ bornAs, status }) => bornAs === undefined && status !== 'deleted')
  items.total = left.length
  for (const status of settledStatuses)
    items[status] = left.filter((item) => item.status === status).length
}
