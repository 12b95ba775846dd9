import {
  type JobContext,
  type Json,
  limits,
  type Logger,
  type OpenTransaction,
  replaceForbiddenCharacters,
  withDetails,
} from '../../core/index.js'
import type { ClaimedJob, StepPulse } from '../../postgres/index.js'
import { redactingLogger } from '../secrets/redacting-logger.js'
import { batchItems } from '../batches/batch-items.js'
import { createSpawner } from '../children/spawner.js'
import type { Attempt } from './attempt.js'
import type { RunningJob } from './running-job.js'
import { createStepRunner } from './step-runner.js'
import { createWaiter } from './waiter.js'

type Context = JobContext<Json>
type Waiter = ReturnType<typeof createWaiter>
type Spawner = ReturnType<typeof createSpawner>

/** What a handler gets. Each part is made when the handler first reads it: most handlers read few. */
export class AttemptContext implements Context {
  readonly #attempt: Attempt
  #shared: ReturnType<typeof shareAmong> | undefined
  #job: Context['job'] | undefined
  #log: Logger | undefined
  #step: Context['step'] | undefined
  #waiter: Waiter | undefined
  #spawner: Spawner | undefined

  constructor(attempt: Attempt) {
    this.#attempt = attempt
  }

  get input(): Json {
    return this.#claimed.input
  }

  get job(): Context['job'] {
    const { id, type, tenantId, ownerId, attempt, maxAttempts } = this.#claimed
    return (this.#job ??= { id, type, tenantId, ownerId, attempt, maxAttempts })
  }

  get signal(): AbortSignal {
    return this.#attempt.run.job.signal
  }

  get log(): Logger {
    const { tenantId, id: jobId, type } = this.#claimed
    const { job, services } = this.#attempt.run
    const details = { tenantId, jobId, type }
    return (this.#log ??= redactingLogger(withDetails(services.logger, details), job.redactor))
  }

  get step(): Context['step'] {
    const attempt = this.#attempt
    return (this.#step ??= createStepRunner({
      ...this.#together(),
      jobId: this.#claimed.id,
      signal: () => attempt.run.job.signal,
      inStep: (key, work) => attempt.inStep(key, work),
      hasWritten: (key) => attempt.hasWritten(key),
      redact: (text) => attempt.run.job.redact(text),
    }))
  }

  get secrets(): Context['secrets'] {
    const { job, services } = this.#attempt.run
    const { checkOpen } = this.#together()
    return {
      async get(name) {
        checkOpen()
        const secret = await services.readSecret(job, name)
        if (secret !== undefined) job.redactor.conceal(secret)
        return secret
      },
    }
  }

  get sleep(): Context['sleep'] {
    return this.#waits().sleep
  }

  get sleepUntil(): Context['sleepUntil'] {
    return this.#waits().sleepUntil
  }

  get waitForSignal(): Context['waitForSignal'] {
    return this.#waits().waitForSignal
  }

  get spawn(): Context['spawn'] {
    return this.#spawns().spawn
  }

  get spawnAll(): Context['spawnAll'] {
    return this.#spawns().spawnAll
  }

  get items(): Context['items'] {
    const { job, stored, services } = this.#attempt.run
    return batchItems(job, stored.items, services.readItems)
  }

  get stream(): Context['stream'] {
    return this.#attempt.streams().use()
  }

  get progress(): Context['progress'] {
    const { job, services } = this.#attempt.run
    const { latest } = job
    return (percent, stage) => {
      if (job.isClosed()) return
      latest.progress = Math.max(latest.progress ?? 0, asPercent(percent))
      if (stage !== undefined) {
        const shown = job.redact(stage).slice(0, limits.stageCharacters)
        latest.stage = replaceForbiddenCharacters(shown)
      }
      services.pulse.progressChanged(job)
    }
  }

  get #claimed(): ClaimedJob {
    return this.#attempt.run.job.claimed
  }

  #together(): ReturnType<typeof shareAmong> {
    return (this.#shared ??= shareAmong(this.#attempt))
  }

  #waits(): Waiter {
    const { job, stored, services } = this.#attempt.run
    return (this.#waiter ??= createWaiter({
      ...this.#together(),
      log: this.log,
      signals: stored.signals,
      msUntil: (time) => services.msUntil(time, job),
    }))
  }

  #spawns(): Spawner {
    const { job, services } = this.#attempt.run
    return (this.#spawner ??= createSpawner({
      ...this.#together(),
      parent: job,
      offspring: services.offspring,
    }))
  }
}

/** Steps, waits and children are numbered together, and end together. */
function shareAmong(attempt: Attempt) {
  const { job, services } = attempt.run
  return {
    attempt: job.claimed.attempt,
    journal: attempt.journal(),
    rest: attempt.rest(),
    checkOpen() {
      const stopped = job.stopError()
      if (stopped !== undefined) throw stopped
      checkHeld(job)
    },
    async store(step: StepPulse, options: { readonly urgent: boolean }): Promise<void> {
      checkHeld(job)
      // A finished step is not run again, so all that it wrote must be there.
      if (step.status === 'completed') await attempt.flushStreams()
      await job.track(services.pulse.storeStep(job, step, options))
    },
    join: (transaction: OpenTransaction) => services.pulse.join(transaction),
    async storeIn(transaction: OpenTransaction, step: StepPulse): Promise<void> {
      checkHeld(job)
      await attempt.flushStreams()
      await services.pulse.storeStepIn(transaction, job, step)
    },
    committed: (step: StepPulse) => services.pulse.stepCommitted(job, step),
    hasStored: (key: string) => services.pulse.hasStored(job, key),
  }
}

/**
 * What a handler writes to streams once its attempt has ended, or its worker believes its lease lost, is dropped. The
 * database may not know of that yet, and would take the step that wrote it.
 */
function checkHeld(job: RunningJob): void {
  if (job.isClosed())
    throw (
      job.stopError() ??
      new Error(
        `The attempt of job ${job.claimed.id} has ended; a step can no longer begin or end.`,
      )
    )
}

/** Progress never fails: what is no number counts for nothing. */
function asPercent(percent: number): number {
  return Number.isFinite(percent) ? Math.round(Math.min(100, Math.max(0, percent))) : 0
}
