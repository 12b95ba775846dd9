import {
  type Database,
  findStoredSteps,
  findStreamHeads,
  findWaitingSignals,
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
}

const nothing: Stored = { steps: [], signals: [], heads: [] }

/** Load it for jobs that were claimed together. A first claim of one that nothing was sent to has nothing to load. */
export async function loadStored(
  db: Database,
  jobs: readonly RunningJob[],
): Promise<(job: RunningJob) => Stored> {
  const resumed = jobs.filter(({ claimed }) => claimed.fence > 1 || claimed.woken)
  if (resumed.length === 0) return () => nothing
  const keys = resumed.map(({ claimed }) => claimed)
  const load = async <Row extends OfJob>(query: Query<Row>): Promise<Map<string, Row[]>> =>
    byJob(await untilAnswered(db, query, resumed))
  const [steps, signals, heads] = await Promise.all([
    load(findStoredSteps(keys)),
    load(findWaitingSignals(keys)),
    load(findStreamHeads(keys)),
  ])
  return ({ claimed: { tenantId, id } }) => {
    const key = `${tenantId} ${id}`
    return {
      steps: steps.get(key) ?? [],
      signals: signals.get(key) ?? [],
      heads: heads.get(key) ?? [],
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
