import type { Logger } from '../../core/index.js'
import {
  cutOffJobs,
  type DueRow,
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
import { jittered } from './alarm.js'

export interface SweepsOptions {
  readonly db: OwnDatabase
  readonly hints: Hints
  readonly jobs: Pick<Jobs, 'deleteExpired'>
  readonly schedules: Pick<Schedules, 'fire'>
  readonly logger: Logger
  /** How often to look for dead workers. */
  readonly rescueMs: number
}

export interface Sweep {
  readonly what: string
  /** @returns in how many milliseconds it looks again without being asked; Infinity: never */
  look(): Promise<number>
  isDue?(due: DueRow): boolean
  isTold?(hint: Hint): boolean
}

const fireMs = 30_000
/** When somebody else has a parent locked: about as long as a statement takes. */
const lockedMs = 10
/** When what is to be retried has not stopped yet: hints say sooner when it has. */
const stoppingMs = 200
const tidyMs = 60_000
/** How often to look at quarantined jobs, while there are any. */
const quarantineMs = 500
/** How long a quarantined job that was let out has to run before the next one is: most that kill their process do so sooner. */
const trialMs = 30_000
const lanesPerLook = 1000

export function sweepsFor(options: SweepsOptions): Sweep[] {
  const { db, hints, jobs, schedules, logger, rescueMs } = options

  const promote: Sweep = {
    what: 'promoting',
    isDue: ({ promotable }) => promotable,
    isTold: ({ scheduled = false }) => scheduled,
    async look() {
      const limit = 1000
      const { promoted, queues, nextInMs } = (await runOne(db, promoteJobs({ limit })))!
      if (promoted > 0) hints.send({ queues })
      return promoted === limit ? 0 : untilNext(nextInMs)
    },
  }

  const fire: Sweep = {
    what: 'firing schedules',
    isTold: ({ scheduled = false }) => scheduled,
    look: async () => Math.min(jittered(fireMs), untilNext(await schedules.fire())),
  }

  const wake: Sweep = {
    what: 'waking parents',
    isDue: ({ settled }) => settled,
    isTold: ({ children = false }) => children,
    async look() {
      const { queues, more, items } = await wakeWaitingParents(db)
      if (queues.length > 0) hints.send({ queues })
      const moreItems = items && (await countItems())
      return more || moreItems ? lockedMs : Infinity
    },
  }

  /** @returns whether to look again soon */
  async function countItems(): Promise<boolean> {
    const { hint, more } = await countSettledItems(db)
    hints.send(hint)
    return more
  }

  const cascade: Sweep = {
    what: 'going on with cascades',
    isDue: ({ cascading }) => cascading,
    isTold: ({ children = false }) => children,
    async look() {
      const { hint, more, others } = await continueCascades(db)
      if (hint !== undefined) hints.send(hint)
      if (!more) return Infinity
      if (hint !== undefined) return 0
      return others ? lockedMs : stoppingMs
    },
  }

  const rescue: Sweep = {
    what: 'rescuing',
    isDue: ({ lost }) => lost,
    async look() {
      const rescued = await db.run(rescueJobs({ limit: 20 }))
      if (rescued.length === 0) return letOut()
      logger.warn({ jobs: rescued.length }, 'took back the jobs of workers that died')
      const queues = [...new Set(rescued.map(({ queue }) => queue))]
      hints.send({ jobs: rescued, queues, children: true, cleanups: true })
      return 0
    },
  }

  async function letOut(): Promise<number> {
    const { letOut: out, passed, left } = (await runOne(db, letJobsOut({ trialMs })))!
    if (out > 0) hints.send({ scheduled: true })
    if (passed > 0) return 0
    return left > 0 ? Math.min(quarantineMs, rescueMs) : Infinity
  }

  const cutOff: Sweep = {
    what: 'cutting off',
    isDue: ({ unheeded }) => unheeded,
    async look() {
      const cut = await db.run(cutOffJobs({ limit: 100 }))
      if (cut.length > 0) hints.send({ jobs: cut, children: true, cleanups: true })
      return cut.length > 0 ? 0 : Infinity
    },
  }

  const failOverdue: Sweep = {
    what: 'failing overdue jobs',
    isDue: ({ overdue }) => overdue,
    isTold: ({ scheduled = false }) => scheduled,
    async look() {
      const failed = await db.run(failOverdueJobs({ limit: 100 }))
      if (failed.length > 0) {
        hints.send({ jobs: failed, children: true, cleanups: true })
        return 0
      }
      return untilNext((await runOne(db, findNextOverdue()))?.nextInMs)
    },
  }

  const expire: Sweep = {
    what: 'expiring',
    isDue: ({ expired }) => expired,
    look: async () => ((await jobs.deleteExpired()).more ? 0 : Infinity),
  }

  const tidy: Sweep = {
    what: 'forgetting dead workers and full lanes',
    async look() {
      await db.run(removeDeadWorkers())
      const forgotten = await db.run(forgetFullLanes({ limit: lanesPerLook }))
      return forgotten.length === lanesPerLook ? 0 : jittered(tidyMs)
    },
  }

  return [promote, fire, wake, cascade, rescue, cutOff, failOverdue, expire, tidy]
}

function untilNext(ms: number | null | undefined): number {
  return Math.ceil(ms ?? Infinity)
}
