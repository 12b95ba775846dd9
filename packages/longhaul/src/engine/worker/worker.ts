/**
 * A worker: claims jobs while it has room, runs them, and ends them. It is woken by hints and looks
 * by itself every few seconds. Everything that it writes carries the fence of its claim, so when it
 * is wrong about what it owns, nothing happens.
 */
import type { JobDefinition, Logger, StopReason } from '../../core/index.js'
import { setTimeout as delay } from 'node:timers/promises'
import {
  findCancelledClaims,
  findMsUntil,
  type Hint,
  type Hints,
  type OwnDatabase,
} from '../../postgres/index.js'
import { createItemReader } from '../batches/batch-items.js'
import { insertChildren } from '../children/insert-children.js'
import { asRequest, type RequestContext } from '../enqueue/enqueue-request.js'
import { createSecretReader } from '../secrets/read-secret.js'
import { createVault } from '../secrets/vault.js'
import { createAlarm, jittered } from './alarm.js'
import { type Claim, createClaimer } from './claimer.js'
import { startCleaner } from './cleaner.js'
import { createFinisher } from './finisher.js'
import { type LeaseOptions, openLease } from './lease.js'
import { createPulse } from './pulse.js'
import { type JobServices, runJob } from './run-job.js'
import { RunningJob } from './running-job.js'
import { loadStored } from './stored.js'
import { createStreamWriter } from './streams/stream-writer.js'
import { untilAnswered } from './until-answered.js'

export interface WorkerOptions {
  readonly db: OwnDatabase
  readonly connection: LeaseOptions['connection']
  readonly hints: Hints
  readonly definitions: readonly JobDefinition[]
  /** All of the app, also those that other workers run: what a job may spawn. */
  readonly jobTypes: RequestContext
  readonly logger: Logger
  readonly name: string
  readonly concurrency: number
  readonly leaseMs: number
  readonly maxBlockedMs: number
  readonly pollMs: number
  /** How long a handler may take to stop when its attempt is over. */
  readonly stopGraceMs: number
}

export interface Worker {
  /** How many jobs it runs at this moment. */
  running(): number
  /** Stop claiming, let jobs finish for `graceMs`, then hand the rest back. */
  stop(options?: { readonly graceMs?: number }): Promise<void>
}

/** Of the regular looks for work, each such one is for lost cancellations too. */
const looksPerCancelLook = 2
const handBackMs = 1000
const nothing = { more: false, againInMs: Infinity }

export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { db, hints, definitions, logger, concurrency, pollMs } = options
  const byKind = new Map(definitions.map((each) => [`${each.type} ${each.version}`, each]))
  const claimer = createClaimer({
    db,
    definitions,
    isAlive: (id) => !stopping && lease.workerId() === id,
  })
  const streamWriter = createStreamWriter(db, hints)
  const finisher = createFinisher(db, hints, logger)
  const services: JobServices = {
    pulse: createPulse(db, hints),
    streamWriter,
    finisher: {
      ...finisher,
      finish(job, outcome) {
        leaveRoom(job)
        return finisher.finish(job, outcome)
      },
    },
    offspring: {
      request: async (...request) => (await asRequest(options.jobTypes, ...request)).row,
      insert: (parent, children) => insertChildren({ db, hints }, parent, children),
    },
    readItems: createItemReader(db),
    readSecret: createSecretReader(db, options.jobTypes.vault ?? createVault([])),
    async msUntil(time, job) {
      const [row] = await untilAnswered(db, findMsUntil(time.toISOString()), [job])
      return row!.msUntil
    },
    logger,
    stopGraceMs: options.stopGraceMs,
  }
  const running = new Map<RunningJob, Promise<void>>()
  /** Whose handlers are at work; a job that is only being ended takes no room. */
  const atWork = new Set<RunningJob>()
  let stopping = false
  const alarm = createAlarm()

  const lease = await openLease({
    ...options,
    onLost: (workerId) => stopJobs('lease_lost', (job) => job.workerId === workerId),
    onHeld: () => alarm.ring(),
  })
  const cleaner = startCleaner(options)
  const unsubscribe = hints.subscribe(onHint)
  const loop = claimWhileThereIsRoom()

  function onHint(hint: Hint): void {
    const workerId = lease.workerId()
    if (workerId === undefined) return
    if (hint.everything === true || hint.workers?.includes(workerId) === true)
      void lookForCancelled(workerId)
    if (
      hint.everything === true ||
      hint.queues?.some((queue) => claimer.queues.has(queue)) === true
    )
      alarm.ring()
  }

  async function lookForCancelled(workerId: string): Promise<void> {
    if (running.size === 0) return
    try {
      const cancelled = await db.run(findCancelledClaims(workerId))
      const keys = new Set(cancelled.map(({ tenantId, id, fence }) => `${tenantId} ${id} ${fence}`))
      stopJobs('cancelled', ({ claimed: { tenantId, id, fence } }) =>
        keys.has(`${tenantId} ${id} ${fence}`),
      )
    } catch (error) {
      logger.debug({ error }, 'could not look for cancelled jobs; looking again soon')
    }
  }

  function stopJobs(reason: StopReason, which: (job: RunningJob) => boolean): void {
    for (const job of running.keys()) if (which(job)) job.stop(reason)
  }

  async function claimWhileThereIsRoom(): Promise<void> {
    let regularLooks = 0
    while (!stopping) {
      const { more, againInMs } = await claimOnce()
      if (more) continue
      const wasRung = await alarm.wait(Math.min(jittered(pollMs), againInMs))
      const workerId = lease.workerId()
      if (wasRung || workerId === undefined) continue
      regularLooks += 1
      // Cancellations have their own hint; a regular look is for those that were lost.
      if (regularLooks % looksPerCancelLook === 0) void lookForCancelled(workerId)
    }
  }

  /** @returns whether there may be more to claim at once, or else when to look again at the latest */
  async function claimOnce(): Promise<{ more: boolean; againInMs: number }> {
    const workerId = lease.workerId()
    const room = concurrency - atWork.size
    // Jobs that are being ended hold no room, but they must not pile up either.
    if (workerId === undefined || room <= 0 || running.size >= concurrency * 4) return nothing
    try {
      const { claims, againInMs } = await claimer.claim(workerId, room)
      // An answer that came after the lease was lost is for whoever rescues these jobs.
      if (lease.workerId() !== workerId) return nothing
      for (const claim of claims) begin(claim)
      return { more: claims.length > 0, againInMs }
    } catch (error) {
      logger.debug({ error }, 'claiming failed; trying again soon')
      return nothing
    }
  }

  function begin({ workerId, number, jobs }: Claim): void {
    hints.send({ jobs })
    const started = jobs.map((job) => new RunningJob(job, { workerId, claimNumber: number }))
    const stored = loadStored(db, started)
    for (const job of started) {
      atWork.add(job)
      running.set(job, run(job, stored))
    }
  }

  async function run(job: RunningJob, stored: ReturnType<typeof loadStored>): Promise<void> {
    const { type, typeVersion } = job.claimed
    const definition = byKind.get(`${type} ${typeVersion}`)!
    try {
      await runJob({ job, definition, stored: (await stored)(job), services })
    } catch (error) {
      await handBack(job, error)
    }
    claimer.release(job.workerId, job.claimNumber)
    leaveRoom(job)
    running.delete(job)
    alarm.ring()
  }

  /** An attempt that could not begin. While this worker lives nobody else would take its job. */
  async function handBack(job: RunningJob, error: unknown): Promise<void> {
    if (job.stopReason() === 'lease_lost') return
    const { tenantId, id: jobId } = job.claimed
    logger.error({ error, tenantId, jobId }, 'an attempt could not begin; its job is handed back')
    // It keeps its room: what is at fault would meet the next one, too.
    await delay(jittered(handBackMs))
    await finisher.finish(job, { action: 'release' })
  }

  function leaveRoom(job: RunningJob): void {
    if (atWork.delete(job)) alarm.ring()
  }

  return {
    running: () => running.size,
    async stop({ graceMs = 5000 } = {}) {
      if (stopping) return
      stopping = true
      unsubscribe()
      alarm.ring()
      await loop
      const cleaned = cleaner.stop(graceMs)
      const ended = Promise.allSettled([...running.values(), cleaned])
      const grace = setTimeout(() => stopJobs('shutdown', () => true), graceMs)
      // Without the database nothing can be handed back: then the lease runs out, and rescue does it.
      const giveUp = delay(graceMs + options.stopGraceMs + 5000, undefined, { ref: false })
      await Promise.race([ended, giveUp])
      clearTimeout(grace)
      await streamWriter.close()
      await lease.close()
    },
  }
}
