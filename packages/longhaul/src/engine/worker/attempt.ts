import type { Outcome } from '../../postgres/index.js'
import { openItems } from '../batches/batch-items.js'
import { AttemptContext } from './attempt-context.js'
import { createJournal, type Journal } from './journal.js'
import { outcomeOfFailure, outcomeOfValue } from './job-outcome.js'
import { createRest, type Rest, type Suspension } from './rest.js'
import type { RunJob } from './run-job.js'
import { warnOfStepsNotReached } from './warn-of-steps-not-reached.js'
import { createJobStreams, type StreamsOfJob } from './streams/job-streams.js'

/** One attempt of a job: its handler, what that uses, and what the attempt comes to. */
export class Attempt {
  readonly run: RunJob
  #streams: StreamsOfJob | undefined
  #rest: Rest | undefined
  #journal: Journal | undefined
  #isOver = false
  #graceTimer: NodeJS.Timeout | undefined
  #resolve: (outcome: Outcome) => void = () => undefined
  #callOff: () => void = () => undefined

  constructor(run: RunJob) {
    this.run = run
    // Those that earlier attempts have left unfinished are reset at once.
    if (run.stored.heads.length > 0) this.streams()
  }

  /** Run the handler, unless there is something to wait for first, until it is done, or waits for what is not about to come, or does not stop when told to. */
  outcome(): Promise<Outcome> {
    const { job, stored } = this.run
    const open = openItems(stored.items)
    if (open !== undefined) {
      Object.assign(job.latest, open)
      return Promise.resolve({ action: 'suspend' })
    }
    return new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#callOff = this.run.job.onStop(() => this.#leaveBehindAfterGrace())
      this.#handle().then(resolve, reject)
    })
  }

  streams(): StreamsOfJob {
    const { job, stored, services } = this.run
    const { streamWriter } = services
    return (this.#streams ??= createJobStreams({ job, heads: stored.heads, streamWriter }))
  }

  journal(): Journal {
    return (this.#journal ??= createJournal(this.run.stored.steps))
  }

  rest(): Rest {
    if (this.#rest === undefined) {
      this.#rest = createRest((how) => void this.#suspend(how))
      if (this.#isOver) this.#rest.end()
    }
    return this.#rest
  }

  /** Run the work of a step: what it writes to streams belongs to the step. */
  inStep<T>(key: string, work: () => T): T {
    return this.#streams === undefined ? work() : this.#streams.inStep(key, work)
  }

  /** Whether a step has written to streams what only another attempt can take back. */
  hasWritten(key: string): boolean {
    return this.#streams?.hasWritten(key) === true
  }

  /** Resolves when all that was written to streams is stored; `undefined`: nothing was. */
  flushStreams(): Promise<void> | undefined {
    return this.hasStreams() ? this.#streams?.flush() : undefined
  }

  /** Whether there is anything of this job in streams. */
  hasStreams(): boolean {
    return this.#streams?.areUsed() === true
  }

  /** What a handler left behind suspends nothing, and nobody waits for it. */
  end(): void {
    this.#endRest()
    this.#callOff() // a write of this attempt can still come back and say that the claim is lost
    clearTimeout(this.#graceTimer)
  }

  async #handle(): Promise<Outcome> {
    const { definition, job } = this.run
    try {
      const value = await this.#call()
      await this.flushStreams()
      if (this.run.stored.steps.length > 0) warnOfStepsNotReached(this.run, this.journal())
      return await outcomeOfValue(definition, value, (text) => job.redact(text))
    } catch (thrown) {
      await this.#flushIfPossible()
      return this.#outcomeOfFailure(thrown)
    }
  }

  async #call(): Promise<unknown> {
    try {
      return await this.run.definition.run(new AttemptContext(this))
    } finally {
      this.#endRest()
    }
  }

  async #suspend(how: Suspension): Promise<void> {
    await this.#flushIfPossible()
    // One whose time was over counts as failed, also when nothing but a wait was left of it.
    const { job } = this.run
    const reason = job.stopReason()
    const isLate = reason === 'timeout' || reason === 'deadline'
    this.#resolve(isLate ? this.#outcomeOfFailure(job.stopError()) : { action: 'suspend', ...how })
  }

  /** A handler that does not stop when it is told to is left behind after the grace period. */
  #leaveBehindAfterGrace(): void {
    const { job, definition, services } = this.run
    const reason = job.stopReason()
    const isOfJob = reason === 'cancelled' || reason === 'deadline'
    const graceMs = isOfJob ? definition.cancelGraceMs : services.stopGraceMs
    this.#graceTimer = setTimeout(() => {
      services.logger.warn(
        { reason, graceMs },
        'the handler did not stop in time and was left behind',
      )
      this.#resolve(this.#outcomeOfFailure(job.stopError()))
    }, graceMs)
  }

  /** What is lost is written again by the next attempt; what was thrown first says why this one failed. */
  async #flushIfPossible(): Promise<void> {
    await this.flushStreams()?.catch(() => undefined)
  }

  #outcomeOfFailure(thrown: unknown): Outcome {
    const { job, definition } = this.run
    const { attempt, maxAttempts } = job.claimed
    const stopReason = job.stopReason()
    const random = Math.random()
    const redact = (text: string): string => job.redact(text)
    return outcomeOfFailure({
      definition,
      attempt,
      maxAttempts,
      thrown,
      stopReason,
      random,
      redact,
    })
  }

  #endRest(): void {
    this.#isOver = true
    this.#rest?.end()
  }
}
