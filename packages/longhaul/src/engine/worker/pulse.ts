/**
 * What running jobs have to say, of all jobs of the process together: their finished steps, which
 * are awaited, and their progress, of which only the latest value matters. Each statement also
 * brings back which of them were cancelled, and which are no longer ours.
 */
import {
  type Database,
  findPresent,
  type HeldJob,
  type Hints,
  type JobPulse,
  pulseJobs,
  type PulseRow,
  type StepPulse,
} from '../../postgres/index.js'
import { createBatcher } from '../batcher.js'
import type { RunningJob } from './running-job.js'

export interface Pulse {
  /** Resolves once the step is committed. @throws the job's stop reason when the claim is lost */
  storeStep(job: RunningJob, step: StepPulse, options: { readonly urgent: boolean }): Promise<void>
  /** The job's `latest` has changed. Returns at once. */
  progressChanged(job: RunningJob): void
  idle(): Promise<void>
}

interface Item {
  readonly job: RunningJob
  readonly step?: StepPulse
}

/** Progress goes out at once, then at most this often; steps always go out at once, and take it along. */
const progressIntervalMs = 20

export function createPulse(db: Database, hints: Hints): Pulse {
  const withProgress = new Set<RunningJob>()
  const batcher = createBatcher<Item, 'held' | 'lost'>({
    run: async (items) => {
      const jobs = [...new Set(items.map(({ job }) => job))]
      for (const job of jobs) withProgress.delete(job)
      const rows = await db.run(pulseJobs(jobs.map((job) => asPulse(job, items))))
      const answers = await readAnswers(db, jobs, rows)
      const held = jobs.filter((job) => answers.get(job) === 'held')
      if (held.length > 0) hints.send({ jobs: held.map(({ claimed }) => claimed) })
      return items.map(({ job }) => answers.get(job))
    },
    sizeOf: ({ step }) => step?.result?.length ?? 0,
    giveUpAfterMs: Number.POSITIVE_INFINITY, // the lease decides for how long it is worth trying
    lazyMs: progressIntervalMs,
  })

  return {
    async storeStep(job, step, options) {
      const answer = await batcher.add({ job, step }, options)
      if (answer === 'lost') throw job.signal.reason
    },
    progressChanged(job) {
      if (withProgress.has(job)) return
      withProgress.add(job)
      // A database that is away longer than the lease loses only progress; the next value repairs it.
      batcher.add({ job }, { urgent: false }).catch(() => undefined)
    },
    idle: () => batcher.idle(),
  }
}

function asPulse(job: RunningJob, items: readonly Item[]): JobPulse {
  const steps = new Map<string, StepPulse>()
  for (const item of items) {
    if (item.job === job && item.step !== undefined) steps.set(item.step.key, item.step)
  }
  return { ...job.claimed, ...job.latest, steps: [...steps.values()] }
}

/** Held, lost, or no answer for a row that somebody has locked. Jobs hear at once what concerns them. */
async function readAnswers(
  db: Database,
  jobs: readonly RunningJob[],
  rows: readonly PulseRow[],
): Promise<Map<RunningJob, 'held' | 'lost'>> {
  const found = new Map(rows.map((row) => [claimOf(row), row]))
  const unanswered = jobs.filter(({ claimed }) => !found.has(claimOf(claimed)))
  const present = new Set(
    unanswered.length === 0
      ? []
      : (await db.run(findPresent(unanswered.map(({ claimed }) => claimed)))).map(keyOf),
  )
  const answers = new Map<RunningJob, 'held' | 'lost'>()
  for (const job of jobs) {
    const row = found.get(claimOf(job.claimed))
    if (row === undefined && present.has(keyOf(job.claimed))) continue
    answers.set(job, row?.held === true ? 'held' : 'lost')
    if (row?.held !== true) job.stop('lease_lost')
    else if (row.cancelRequested) job.stop('cancelled')
  }
  return answers
}

function keyOf({ tenantId, id }: { tenantId: string; id: string }): string {
  return `${tenantId} ${id}`
}

/** An attempt that ignores its signal can still be running when this worker has the next one. */
function claimOf({ tenantId, id, fence }: HeldJob): string {
  return `${tenantId} ${id} ${fence}`
}
