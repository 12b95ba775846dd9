import {
  type Database,
  findItemCounts,
  findStoredSteps,
  findStreamHeads,
  findWaitingSignals,
  type JobKey,
  type ItemCountRow,
  type Query,
  type StoredStep,
  type StreamHead,
  type WaitingSignal,
} from '../../postgres/index.js'
import type { RunningJob } from './running-job.js'
import { untilAnswered } from './until-answered.js'

/** What there was of a job before this attempt. */
export interface Stored {
  readonly steps: readonly StoredStep[]
  readonly signals: readonly WaitingSignal[]
  /** Where its streams stand, when earlier attempts have written to some. */
  readonly heads: readonly StreamHead[]
  /** Of a batch. */
  readonly items?: ItemCountRow
}

const nothing: Stored = { steps: [], signals: [], heads: [] }

/**
 * Load it for jobs that were claimed together. A first claim of one that nothing was sent to has nothing to load;
 * to a batch something may have been sent while it waited for its items.
 */
export async function loadStored(
  db: Database,
  jobs: readonly RunningJob[],
): Promise<(job: RunningJob) => Stored> {
  const batches = jobs.filter(({ claimed }) => claimed.itemCount !== null)
  const resumed = jobs.filter(
    ({ claimed }) => claimed.fence > 1 || claimed.woken || claimed.itemCount !== null,
  )
  if (resumed.length === 0) return () => nothing
  const load = async <Row extends OfJob>(
    find: (keys: readonly JobKey[]) => Query<Row>,
    of: readonly RunningJob[],
  ): Promise<Map<string, Row[]>> => {
    if (of.length === 0) return new Map()
    const query = find(of.map(({ claimed }) => claimed))
    return byJob(await untilAnswered(db, query, of))
  }
  const steps = await load(findStoredSteps, resumed)
  // Read after the steps: when the time of a wait was over by then, what came in time is among them.
  const [signals, heads, items] = await Promise.all([
    load(findWaitingSignals, resumed),
    load(findStreamHeads, resumed),
    load(findItemCounts, batches),
  ])
  return ({ claimed: { tenantId, id } }) => {
    const key = `${tenantId} ${id}`
    const [counts] = items.get(key) ?? []
    return {
      steps: steps.get(key) ?? [],
      signals: signals.get(key) ?? [],
      heads: heads.get(key) ?? [],
      ...(counts === undefined ? {} : { items: counts }),
    }
  }
}

interface OfJob {
  readonly tenantId: string
  readonly jobId: string
}

function byJob<Row extends OfJob>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const key = `${row.tenantId} ${row.jobId}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [row])
    else group.push(row)
  }
  return groups
}
