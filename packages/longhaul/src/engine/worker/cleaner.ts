/**
 * Runs the clean-ups of jobs that were cancelled, beside the jobs of a worker and not in their
 * places. A clean-up that was taken and not ended, because its process died, is due again after its
 * timeout: it is run at least once, whatever happens.
 */
import type { JobDefinition, Logger } from '../../core/index.js'
import {
  endCleanup,
  type Hints,
  lockJobOfCleanup,
  type OwnDatabase,
  putOffCleanup,
  type TakenCleanup,
  takeCleanups,
} from '../../postgres/index.js'
import { createAlarm, jittered } from './alarm.js'
import { type CleanupOutcome, runCleanup } from './run-cleanup.js'

export interface CleanerOptions {
  readonly db: OwnDatabase
  readonly hints: Hints
  readonly definitions: readonly JobDefinition[]
  readonly logger: Logger
  readonly pollMs: number
  readonly stopGraceMs: number
}

export interface Cleaner {
  /** Take no more, let those that run finish for `graceMs`, then hand the rest back. */
  stop(graceMs: number): Promise<void>
}

const mostAtOnce = 10
/** For storing that a clean-up is over, after its last moment. */
const marginMs = 10_000

export function startCleaner(options: CleanerOptions): Cleaner {
  const { db, hints, logger, pollMs, stopGraceMs } = options
  const definitions = options.definitions.filter(({ onCancel }) => onCancel !== undefined)
  const byKind = new Map(definitions.map((each) => [`${each.type} ${each.version}`, each]))
  const handled = definitions.map(({ type, version, cancelTimeoutMs }) => ({
    type,
    version,
    leaseMs: cancelTimeoutMs + stopGraceMs + marginMs,
  }))
  const running = new Set<Promise<void>>()
  const shutdown = new AbortController()
  const alarm = createAlarm()
  let stopping = handled.length === 0
  const unsubscribe = hints.subscribe((hint) => {
    if (hint.everything === true || hint.cleanups === true) alarm.ring()
  })
  const loop = takeWhileThereIsRoom()

  async function takeWhileThereIsRoom(): Promise<void> {
    while (!stopping) {
      const taken = await take()
      for (const cleanup of taken) {
        const run = carryOut(cleanup).finally(() => {
          running.delete(run)
          alarm.ring()
        })
        running.add(run)
      }
      if (taken.length === 0) await alarm.wait(jittered(pollMs))
    }
  }

  async function take(): Promise<readonly TakenCleanup[]> {
    const limit = mostAtOnce - running.size
    if (limit === 0) return []
    try {
      return await db.run(takeCleanups({ handled, limit }))
    } catch (error) {
      logger.debug({ error }, 'looking for clean-ups failed; trying again soon')
      return []
    }
  }

  async function carryOut(cleanup: TakenCleanup): Promise<void> {
    const definition = byKind.get(`${cleanup.type} ${cleanup.typeVersion}`)!
    const outcome = await runCleanup({
      cleanup,
      definition,
      logger,
      shutdown: shutdown.signal,
      stopGraceMs,
    })
    try {
      await store(cleanup, outcome)
    } catch (error) {
      logger.warn(
        { error, jobId: cleanup.id },
        'the end of a clean-up could not be stored; it will be run again',
      )
    }
  }

  async function store(cleanup: TakenCleanup, outcome: CleanupOutcome): Promise<void> {
    const ready = await db.transaction(async (tx) => {
      const [job] = await tx.run(lockJobOfCleanup(cleanup))
      if (outcome.done || job?.status !== 'cancelled') return tx.run(endCleanup(cleanup))
      await tx.run(putOffCleanup(cleanup, outcome))
      return []
    })
    if (ready.length > 0) hints.send({ queues: ready.map(({ queue }) => queue) })
  }

  return {
    async stop(graceMs) {
      stopping = true
      unsubscribe()
      alarm.ring()
      await loop
      const grace = setTimeout(() => shutdown.abort(), graceMs)
      await Promise.allSettled(running)
      clearTimeout(grace)
    },
  }
}
