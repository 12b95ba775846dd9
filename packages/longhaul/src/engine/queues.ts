import {
  isAdmin,
  type JobDefinition,
  isName,
  isOperator,
  LonghaulError,
  type Pause,
  type PauseScope,
  type Principal,
  type UnhandledJobs,
} from '../core/index.js'
import {
  type Database,
  findPauses,
  findUnhandled,
  type Hints,
  pauseLane,
  type PausedLane,
  resumeLane,
} from '../postgres/index.js'
import { checkPrincipal } from './enqueue/enqueue-options.js'

/** Which of a queue's jobs. */
export interface QueuePart {
  readonly queue: string
  /**
   * `tenant`: those of the principal's tenant, for its admins. `queue`: all, for principals with the role `operator`.
   *
   * @defaultValue 'tenant'
   */
  readonly scope?: PauseScope | undefined
}

/** Queues as they are while the app runs. */
export interface Queues {
  /**
   * Start no more jobs of a queue, in any worker, until it is resumed. What runs goes on to its end
   * or its next wait, and jobs can still be enqueued.
   *
   * @throws {LonghaulError} `forbidden`, `invalid_parameter` for a name that no queue can have
   */
  pause(principal: Principal, part: QueuePart): Promise<void>
  /** @throws {LonghaulError} as `pause` */
  resume(principal: Principal, part: QueuePart): Promise<void>
  /** What is paused for the principal's tenant. */
  paused(principal: Principal): Promise<readonly Pause[]>
  /**
   * The tenant's jobs that are ready and that no worker will take: none that is alive has their type
   * in this version. Of each queue the first thousand are looked at.
   */
  unhandled(principal: Principal): Promise<readonly UnhandledJobs[]>
}

export function createQueues({
  db,
  hints,
  definitions,
}: {
  readonly db: Database
  readonly hints: Hints
  readonly definitions: ReadonlyMap<string, JobDefinition>
}): Queues {
  const all = [...new Set([...definitions.values()].map(({ queue }) => queue))]
  return {
    unhandled: ({ tenantId }) => db.run(findUnhandled(tenantId, all)),

    async pause(principal, part) {
      await db.run(pauseLane(laneOf(principal, part), principal.userId))
    },

    async resume(principal, part) {
      await db.run(resumeLane(laneOf(principal, part)))
      hints.send({ queues: [part.queue] })
    },

    async paused({ tenantId }) {
      const rows = await db.run(findPauses(tenantId))
      return rows.map((row) => ({
        queue: row.queue,
        scope: row.tenantId === '' ? 'queue' : 'tenant',
        pausedAt: row.pausedAt,
        pausedBy: row.tenantId === '' ? null : row.pausedBy,
      }))
    },
  }
}

/** @throws {LonghaulError} when the principal may not pause it, or it cannot be */
function laneOf(principal: Principal, { queue, scope = 'tenant' }: QueuePart): PausedLane {
  checkPrincipal(principal)
  if (!isName(queue)) {
    throw new LonghaulError(
      'invalid_parameter',
      'No queue can have this name: use 1 to 64 of a-z, 0-9, ".", "_" and "-". Nothing was changed.',
    )
  }
  if (scope === 'queue') {
    if (isOperator(principal)) return { queue, tenantId: '' }
    throw forbidden("A whole queue holds every tenant's jobs, so", 'operator')
  }
  if (isAdmin(principal)) return { queue, tenantId: principal.tenantId }
  throw forbidden('A queue holds the jobs of everybody in the tenant, so', 'admin')
}

function forbidden(why: string, role: string): LonghaulError {
  return new LonghaulError(
    'forbidden',
    `${why} only a principal with the role "${role}" can pause or resume it. Nothing was changed.`,
  )
}
