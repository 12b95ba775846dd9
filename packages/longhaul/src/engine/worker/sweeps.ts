/**
 * What any worker does for all: make jobs ready whose time or whose children have come, make those of schedules, take back the jobs of dead
 * workers, fail jobs whose deadline has come, go on cancelling and retrying what jobs have spawned, settle cancelled jobs whose handlers do not stop, delete what has expired. Each is one
 * conditional statement that takes rows nobody else has locked, so any number of processes can
 * sweep at once and no leader is needed. A sweep that fails is tried again at its next turn.
 */
import type { Logger } from '../../core/index.js'
import {
  cutOffJobs,
  failOverdueJobs,
  findNextOverdue,
  forgetFullLanes,
  type Hint,
  type Hints,
  letJobsOut,
  type OwnDatabase,
  promoteJobs,
  removeDeadWorkers,
  rescueJobs,
  runOne,
} from '../../postgres/index.js'
import type { Jobs } from '../jobs.js'
import type { Schedules } from '../schedules/schedules.js'
import { countSettledItems } from '../batches/count-settled-items.js'
import { continueCascades } from '../children/continue-cascades.js'
import { wakeWaitingParents } from '../children/wake-waiting-parents.js'
import { createAlarm, jittered } from './alarm.js'

export interface SweepsOptions {
  readonly db: OwnDatabase
  readonly hints: Hints
  readonly jobs: Pick<Jobs, 'deleteExpired'>
  readonly schedules: Pick<Schedules, 'fire'>
  readonly logger: Logger
  /** How often to look for dead workers. */
  readonly rescueMs: number
}

export interface Sweeps {
  stop(): Promise<void>
}

const promoteMs = 5000
const fireMs = 30_000
const wakeMs = 5000
/** When somebody else has a parent locked: about as long as a statement takes. */
const lockedMs = 10
const cascadeMs = 5000
const cutOffMs = 10_000
const overdueMs = 10_000
const expireMs = 60_000
/** How often to look at quarantined jobs, while there are any. */
const quarantineMs = 500
/** How long a quarantined job that was let out has to run before the next one is: most that kill their process do so sooner. */
const trialMs = 30_000
const lanesPerLook = 1000

export function startSweeps(options: SweepsOptions): Sweeps {
  const { db, hints, jobs, schedules, logger, rescueMs } = options
  let stopped = false
  const alarms: ReturnType<typeof createAlarm>[] = []

  /** @param look returns how long to wait at most until the next look, in milliseconds */
  async function repeat(
    what: string,
    look: () => Promise<number>,
    wakes: (hint: Hint) => boolean,
  ): Promise<void> {
    const alarm = createAlarm()
    alarms.push(alarm)
    const unsubscribe = hints.subscribe((hint) => {
      if (hint.everything === true || wakes(hint)) alarm.ring()
    })
    while (!stopped) {
      const wait = await look().catch((error: unknown) => {
        logger.debug({ error }, `${what} failed; trying again soon`)
        return 1000
      })
      if (!stopped) await alarm.wait(wait)
    }
    unsubscribe()
  }

  const never = (): boolean => false
  const loops = [
    repeat('promoting', promote, (hint) => hint.scheduled === true),
    repeat('firing schedules', fire, (hint) => hint.scheduled === true),
    repeat('waking parents', wake, (hint) => hint.children === true),
    repeat('going on with cascades', cascade, (hint) => hint.children === true),
    repeat('rescuing', rescue, never),
    repeat('cutting off', cutOff, never),
    repeat('failing overdue jobs', failOverdue, (hint) => hint.scheduled === true),
    repeat('expiring', expire, never),
  ]

  async function promote(): Promise<number> {
    const limit = 1000
    const [row] = await db.run(promoteJobs({ limit }))
    if (row === undefined) return promoteMs
    if (row.promoted > 0) hints.send({ queues: row.queues })
    if (row.promoted === limit) return 0
    return Math.min(jittered(promoteMs), Math.ceil(row.nextInMs ?? promoteMs))
  }

  async function fire(): Promise<number> {
    const nextInMs = (await schedules.fire()) ?? fireMs
    return Math.min(jittered(fireMs), Math.ceil(nextInMs))
  }

  async function wake(): Promise<number> {
    const { queues, more, items } = await wakeWaitingParents(db)
    if (queues.length > 0) hints.send({ queues })
    const moreItems = items && (await countItems())
    return more || moreItems ? lockedMs : jittered(wakeMs)
  }

  /** @returns whether to look again soon */
  async function countItems(): Promise<boolean> {
    const { hint, more } = await countSettledItems(db)
    hints.send(hint)
    return more
  }

  async function cascade(): Promise<number> {
    const { hint, more } = await continueCascades(db)
    if (hint !== undefined) hints.send(hint)
    if (more) return hint?.jobs?.length === 0 ? lockedMs : 0
    return jittered(cascadeMs)
  }

  async function rescue(): Promise<number> {
    const rescued = await db.run(rescueJobs({ limit: 20 }))
    if (rescued.length === 0) return letOut()
    logger.warn({ jobs: rescued.length }, 'took back the jobs of workers that died')
    const queues = [...new Set(rescued.map(({ queue }) => queue))]
    hints.send({ jobs: rescued, queues, children: true, cleanups: true })
    return 0
  }

  async function letOut(): Promise<number> {
    const { letOut: out, passed, left } = (await runOne(db, letJobsOut({ trialMs })))!
    if (out > 0) hints.send({ scheduled: true })
    if (passed > 0) return 0
    return left > 0 ? Math.min(quarantineMs, rescueMs) : jittered(rescueMs)
  }

  async function cutOff(): Promise<number> {
    const cut = await db.run(cutOffJobs({ limit: 100 }))
    if (cut.length > 0) hints.send({ jobs: cut, children: true, cleanups: true })
    return cut.length > 0 ? 0 : jittered(cutOffMs)
  }

  async function failOverdue(): Promise<number> {
    const failed = await db.run(failOverdueJobs({ limit: 100 }))
    if (failed.length > 0) {
      hints.send({ jobs: failed, children: true, cleanups: true })
      return 0
    }
    const next = await runOne(db, findNextOverdue())
    return Math.min(jittered(overdueMs), Math.ceil(next?.nextInMs ?? overdueMs))
  }

  async function expire(): Promise<number> {
    const { more } = await jobs.deleteExpired()
    if (more) return 0
    await db.run(removeDeadWorkers())
    if ((await db.run(forgetFullLanes({ limit: lanesPerLook }))).length === lanesPerLook) return 0
    return jittered(expireMs)
  }

  return {
    async stop() {
      stopped = true
      for (const alarm of alarms) alarm.ring()
      await Promise.all(loops)
    },
  }
}
