/**
 * What running jobs have to say, of all jobs of the process together: their finished steps, which
 * are awaited, and their progress, of which only the latest value matters. Each statement also
 * brings back which of them were cancelled, and which are no longer ours.
 */
import { LonghaulError, type OpenTransaction } from '../../core/index.js'
import {
  claimOf,
  type Database,
  findPresent,
  findStoredSteps,
  type Hints,
  isOlder,
  joinTransaction,
  type JobPulse,
  type OwnDatabase,
  pulseJobs,
  type PulseRow,
  type StepPulse,
  storeStep,
} from '../../postgres/index.js'
import { createBatcher } from '../batcher.js'
import type { RunningJob } from './running-job.js'
import { untilAnswered } from './until-answered.js'

export interface Pulse {
  /** Resolves once the step is committed. @throws the job's stop reason when the claim is lost */
  storeStep(job: RunningJob, step: StepPulse, options: { readonly urgent: boolean }): Promise<void>
  /** The job's `latest` has changed. Returns at once. */
  progressChanged(job: RunningJob): void
  /** A transaction of the app's own, as one in which statements of ours find their tables. */
  join(transaction: OpenTransaction): OpenTransaction
  /**
   * Store a step as the last statement of a transaction of the app's own.
   *
   * @throws the job's stop reason when the claim is lost
   * @throws {LonghaulError} `wrong_database`
   */
  storeStepIn(transaction: OpenTransaction, job: RunningJob, step: StepPulse): Promise<void>
  /** That transaction has committed. */
  stepCommitted(job: RunningJob, step: StepPulse): void
  /** Whether a step is stored, whose transaction may have committed although its answer was lost. */
  hasStored(job: RunningJob, key: string): Promise<boolean>
  idle(): Promise<void>
}

interface Item {
  readonly job: RunningJob
  readonly step?: StepPulse
}

/** Progress goes out at once, then at most this often; steps always go out at once, and take it along. */
const progressIntervalMs = 10

export function createPulse(db: OwnDatabase, hints: Hints): Pulse {
  const withProgress = new Set<RunningJob>()
  const batcher = createBatcher<Item, 'held' | 'lost'>({
    run: async (items) => {
      const steps = stepsOf(items)
      const jobs = [...steps.keys()]
      for (const job of jobs) withProgress.delete(job)
      const rows = await db.run(pulseJobs(jobs.map((job) => asPulse(job, steps.get(job)!))))
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
    join: (transaction) => joinTransaction(db.schema, transaction),
    async storeStepIn(transaction, job, step) {
      const [row] = await transaction.run(storeStep(job.claimed, step))
      if (row?.held === true) {
        if (row.cancelRequested) job.stop('cancelled')
        return
      }
      // A job that is here and not there is no job that was lost.
      if (row === undefined && (await db.run(findPresent([job.claimed]))).length > 0)
        throw elsewhere(job, db.schema)
      job.stop('lease_lost')
      throw job.signal.reason
    },
    stepCommitted(job) {
      hints.send({ jobs: [job.claimed] })
    },
    async hasStored(job, key) {
      const steps = await untilAnswered(db, findStoredSteps([job.claimed]), [job])
      return steps.some((step) => step.key === key && step.status === 'completed')
    },
    idle: () => batcher.idle(),
  }
}

function elsewhere({ claimed: { id } }: RunningJob, schema: string): LonghaulError {
  return new LonghaulError(
    'wrong_database',
    `The step's transaction is on a database that does not hold the job ${id}, or of a role that may not see it, so ` +
      `it was rolled back. Give one of the database that Longhaul uses, of a role that is a member of ${schema}_engine.`,
  )
}

function asPulse(
  { claimed: { tenantId, id, fence }, latest }: RunningJob,
  steps: readonly StepPulse[],
): JobPulse {
  return { tenantId, id, fence, ...latest, steps }
}

/** Each job once, with the latest of each of its steps. */
function stepsOf(items: readonly Item[]): Map<RunningJob, StepPulse[]> {
  const all = new Map<RunningJob, StepPulse[]>()
  for (const { job, step } of items) {
    const steps = all.get(job) ?? []
    all.set(job, steps)
    if (step === undefined) continue
    const place = steps.findIndex(({ key }) => key === step.key)
    if (place === -1) steps.push(step)
    else if (!isOlder(step, steps[place]!)) steps[place] = step
  }
  return all
}

/** Held, lost, or no answer for a row that somebody has locked. Jobs hear at once what concerns them. */
async function readAnswers(
  db: Database,
  jobs: readonly RunningJob[],
  rows: readonly PulseRow[],
): Promise<Map<RunningJob, 'held' | 'lost'>> {
  const found = new Map(rows.map((row) => [claimOf(row), row]))
  const unanswered =
    found.size === jobs.length ? [] : jobs.filter((job) => !found.has(claimOf(job.claimed)))
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
