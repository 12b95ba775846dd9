import {
  type JobContext,
  type JobDefinition,
  type Json,
  limits,
  type Logger,
  type OpenTransaction,
  replaceForbiddenCharacters,
  withDetails,
} from '../../core/index.js'
import type { Outcome, StepPulse } from '../../postgres/index.js'
import type { Finisher } from './finisher.js'
import { outcomeOfFailure, outcomeOfValue } from './job-outcome.js'
import { createJournal } from './journal.js'
import type { Pulse } from './pulse.js'
import { createRest, type Rest } from './rest.js'
import type { RunningJob } from './running-job.js'
import { createSpawner, type Offspring } from '../children/spawner.js'
import { createStepRunner } from './step-runner.js'
import type { Stored } from './stored.js'
import { createJobStreams, type StreamsOfJob } from './streams/job-streams.js'
import type { StreamWriter } from './streams/stream-writer.js'
import { createWaiter } from './waiter.js'

export interface RunJob {
  readonly job: RunningJob
  readonly definition: JobDefinition
  readonly stored: Stored
  readonly pulse: Pulse
  readonly streamWriter: StreamWriter
  readonly finisher: Finisher
  readonly offspring: Offspring
  readonly logger: Logger
  /** How long a handler may take to stop once its attempt is over. */
  readonly stopGraceMs: number
}

/**
 * Run one attempt and end it. There is one way out: whatever the handler does, even nothing at all,
 * the attempt ends, its timers are gone, and what a handler left behind still writes changes nothing.
 */
export async function runJob(run: RunJob): Promise<void> {
  const { job, stored, finisher, streamWriter } = run
  const streams = createJobStreams({ job, heads: stored.heads, streamWriter })
  const timeout = stopInTime(run)
  const overdue = whenOverdue(run)
  const rest = createRest()
  const suspended = rest.suspended.then(async (how): Promise<Outcome> => {
    await streams.flush().catch(() => undefined) // what is lost is written again with the rest
    // One whose time was over counts as failed, also when nothing but a wait was left of it.
    if (isOutOfTime(job)) return outcomeOf(run, job.stopError())
    return { action: 'suspend', ...how }
  })
  try {
    const outcome = await Promise.race([attempt(run, streams, rest), overdue.promise, suspended])
    await Promise.allSettled(job.openWrites)
    // A step whose answer said so may have told us only now that the claim is lost.
    if (job.isClosed()) return
    job.close()
    await finisher.finish(job, outcome)
    if (streams.areUsed()) streamWriter.ended(job)
  } finally {
    clearTimeout(timeout)
    overdue.cancel()
    rest.end()
    job.close()
  }
}

/** By the attempt's timeout or the job's deadline, whichever comes first. */
function stopInTime({ job, definition: { timeoutMs } }: RunJob): NodeJS.Timeout {
  const deadlineInMs = job.claimed.deadlineInMs ?? Number.POSITIVE_INFINITY
  const reason = deadlineInMs <= timeoutMs ? 'deadline' : 'timeout'
  return setTimeout(() => job.stop(reason), Math.max(0, Math.min(deadlineInMs, timeoutMs)))
}

function isOutOfTime(job: RunningJob): boolean {
  const reason = job.stopReason()
  return reason === 'timeout' || reason === 'deadline'
}

async function attempt(run: RunJob, streams: StreamsOfJob, rest: Rest): Promise<Outcome> {
  const { definition } = run
  try {
    const value = await handle(run, streams, rest)
    await streams.flush()
    return await outcomeOfValue(definition, value)
  } catch (thrown) {
    await streams.flush().catch(() => undefined) // what was thrown first says why the attempt failed
    return outcomeOf(run, thrown)
  }
}

/** Once the handler has returned or thrown, a wait that it left behind suspends nothing. */
async function handle(run: RunJob, streams: StreamsOfJob, rest: Rest): Promise<unknown> {
  try {
    return await run.definition.run(contextOf(run, streams, rest))
  } finally {
    rest.end()
  }
}

function outcomeOf({ job, definition }: RunJob, thrown: unknown): Outcome {
  const { attempt: number, maxAttempts } = job.claimed
  const stopReason = job.stopReason()
  const random = Math.random()
  return outcomeOfFailure({ definition, attempt: number, maxAttempts, thrown, stopReason, random })
}

/** A handler that does not stop when it is told to is left behind after the grace period. */
function whenOverdue(run: RunJob): { promise: Promise<Outcome>; cancel(): void } {
  const { job, definition, logger, stopGraceMs } = run
  let timer: NodeJS.Timeout | undefined
  let callOff = (): void => undefined
  const promise = new Promise<Outcome>((resolve) => {
    callOff = job.onStop(() => {
      const reason = job.stopReason()
      const isOfJob = reason === 'cancelled' || reason === 'deadline'
      const graceMs = isOfJob ? definition.cancelGraceMs : stopGraceMs
      timer = setTimeout(() => {
        logger.warn({ reason, graceMs }, 'the handler did not stop in time and was left behind')
        resolve(outcomeOf(run, job.stopError()))
      }, graceMs)
    })
  })
  return {
    promise,
    cancel() {
      callOff() // a write of this attempt can still come back and say that the claim is lost
      clearTimeout(timer)
    },
  }
}

function contextOf(
  { job, stored, pulse, offspring, logger }: RunJob,
  streams: StreamsOfJob,
  rest: Rest,
): JobContext<Json> {
  const { claimed, latest } = job
  const { id, type, tenantId, ownerId, attempt: number, maxAttempts } = claimed
  const log = withDetails(logger, { tenantId, jobId: id, type })
  const shared = {
    attempt: number,
    journal: createJournal(stored.steps),
    rest,
    checkOpen() {
      const stopped = job.stopError()
      if (stopped !== undefined) throw stopped
      if (job.isClosed())
        throw new Error(`The attempt of job ${id} has ended; a step can no longer begin.`)
    },
    async store(step: StepPulse, options: { readonly urgent: boolean }): Promise<void> {
      // A finished step is not run again, so all that it wrote must be there.
      if (step.status === 'completed') await streams.flush()
      await write(pulse.storeStep(job, step, options))
    },
    async storeIn(transaction: OpenTransaction, step: StepPulse): Promise<void> {
      await streams.flush()
      await pulse.storeStepIn(transaction, job, step)
    },
    committed: (step: StepPulse) => pulse.stepCommitted(job, step),
    hasStored: (key: string) => pulse.hasStored(job, key),
  }
  async function write(written: Promise<void>): Promise<void> {
    job.openWrites.add(written)
    try {
      await written
    } finally {
      job.openWrites.delete(written)
    }
  }
  return {
    input: claimed.input,
    job: { id, type, tenantId, ownerId, attempt: number, maxAttempts },
    get signal() {
      return job.signal
    },
    log,
    step: createStepRunner({
      ...shared,
      jobId: id,
      signal: () => job.signal,
      inStep: (key, work) => streams.inStep(key, work),
      hasWritten: (key) => streams.hasWritten(key),
    }),
    ...createWaiter({ ...shared, log, signals: stored.signals }),
    ...createSpawner({
      ...shared,
      parent: claimed,
      offspring: { ...offspring, insert: (children) => write(offspring.insert(children)) },
    }),
    get stream() {
      return streams.use()
    },
    progress(percent, stage) {
      if (job.isClosed()) return
      latest.progress = Math.max(latest.progress ?? 0, asPercent(percent))
      if (stage !== undefined) {
        latest.stage = replaceForbiddenCharacters(stage.slice(0, limits.stageCharacters))
      }
      pulse.progressChanged(job)
    },
  }
}

/** Progress never fails: what is no number counts for nothing. */
function asPercent(percent: number): number {
  return Number.isFinite(percent) ? Math.round(Math.min(100, Math.max(0, percent))) : 0
}
