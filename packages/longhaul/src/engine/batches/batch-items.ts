import type { Job, JobItems, JobStatus } from '../../core/index.js'
import { type Database, findItems, type ItemCountRow } from '../../postgres/index.js'
import type { RunningJob } from '../worker/running-job.js'
import { untilAnswered } from '../worker/until-answered.js'

/** A page of a batch's items, in the order of their ids. */
export type ReadItems = (
  batch: RunningJob,
  page: { readonly status: JobStatus | undefined; readonly after: string | undefined },
) => Promise<readonly Job[]>

/** Results can be 1 MiB each. */
const limit = 50

export function createItemReader(db: Database): ReadItems {
  return (job, page) => untilAnswered(db, findItems({ batch: job.claimed, ...page, limit }), [job])
}

const none = { total: 0, completed: 0, failed: 0, cancelled: 0 }

/** What the handler of a batch gets of its items. */
export function batchItems(
  job: RunningJob,
  counts: ItemCountRow | undefined,
  read: ReadItems,
): JobItems {
  const { total, completed, failed, cancelled } = counts ?? none
  return {
    total,
    completed,
    failed,
    cancelled,
    async *jobs({ status } = {}) {
      if (total === 0) return
      for (let after: string | undefined; ;) {
        const page = await read(job, { status, after })
        yield* page
        after = page.at(-1)?.id
        if (after === undefined) return
      }
    },
  }
}

/** How far a batch is that was retried, and waits for items again; nothing when it does not. As countItems says it later. */
export function openItems(
  counts: ItemCountRow | undefined,
): { readonly progress: number; readonly stage: string } | undefined {
  if (counts === undefined) return undefined
  const { total } = counts
  const settled = counts.completed + counts.failed + counts.cancelled
  if (settled >= total) return undefined
  return { progress: Math.floor((100 * settled) / (total + 1)), stage: `${settled}/${total}` }
}
