import {
  encodeJson,
  isName,
  type Issue,
  type JobDefinition,
  limits,
  LonghaulError,
  type MissedTicks,
  type Principal,
  type Schedule,
} from '../../core/index.js'
import {
  countSchedules,
  deleteSchedule,
  findSchedules,
  type Hints,
  type OwnDatabase,
  putSchedule,
  runOne,
} from '../../postgres/index.js'
import { invalid } from '../enqueue/enqueue-options.js'
import { asRequest } from '../enqueue/enqueue-request.js'
import { fireSchedules } from './fire-schedules.js'
import { checkCron, nextTick } from './ticks.js'

export interface ScheduleOptions {
  /** A name, unique among its owner's schedules: 1 to 64 of a-z, 0-9, ".", "_" and "-". */
  readonly id: string
  readonly type: string
  /** Checked now, and again whenever a job is made of it. */
  readonly input: unknown
  /** Five fields, or six with seconds first; or `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`. */
  readonly cron: string
  /**
   * An IANA name, such as `Europe/Lisbon`.
   *
   * @defaultValue 'UTC'
   */
  readonly timeZone?: string
  /**
   * What becomes of times that were missed because nothing ran: one job for all of them, one for
   * each, or none. A time counts as missed after a minute.
   *
   * @defaultValue 'once'
   */
  readonly missed?: MissedTicks
  /** @defaultValue false */
  readonly paused?: boolean
  /** @defaultValue 0 */
  readonly priority?: number
  /** @defaultValue none */
  readonly tags?: readonly string[]
}

/** Jobs by the clock. Each principal has schedules of its own, and their jobs are its jobs. */
export interface Schedules {
  /**
   * Make a schedule, or replace the one of that name.
   *
   * @throws {LonghaulError} `unknown_job_type`, `invalid_input`, `too_many_schedules`
   */
  set(principal: Principal, schedule: ScheduleOptions): Promise<Schedule>
  /** @throws {LonghaulError} `schedule_not_found` */
  get(principal: Principal, id: string): Promise<Schedule>
  list(principal: Principal): Promise<readonly Schedule[]>
  /** Jobs that it has made stay. @throws {LonghaulError} `schedule_not_found` */
  delete(principal: Principal, id: string): Promise<void>
  /** Make the jobs whose time has come. @returns how long until the next time, in milliseconds, if there is one */
  fire(): Promise<number | undefined>
}

export interface SchedulesOptions {
  readonly db: OwnDatabase
  readonly hints: Hints
  readonly definitions: ReadonlyMap<string, JobDefinition>
  makeId(): string
}

export function createSchedules({ db, hints, definitions, makeId }: SchedulesOptions): Schedules {
  return {
    async set(principal, schedule) {
      const { id, type, cron, timeZone = 'UTC', missed = 'once', paused = false } = schedule
      const { priority = 0, tags = [] } = schedule
      const issues = [...checkNames(id, missed), ...checkCron(cron, timeZone)]
      if (issues.length > 0) throw invalid(issues, 'The schedule was not made')
      const options = { principal, priority, tags }
      // What would be refused when its time comes is refused now.
      await asRequest({ definitions, makeId }, type, schedule.input, options)
      const now = await checkCount(principal, id)
      const row = await runOne(
        db,
        putSchedule(principal, {
          id,
          type,
          input: encodeJson(schedule.input, { what: `the input of ${id}` }),
          priority,
          tags,
          cron,
          timeZone,
          missed,
          paused,
          nextAt: nextTick(cron, timeZone, new Date(now))!.toISOString(),
        }),
      )
      hints.send({ scheduled: true })
      return row!
    },

    async get(principal, id) {
      const row = isName(id) ? await runOne(db, findSchedules(principal, id)) : undefined
      if (row === undefined) throw notFound()
      return row
    },

    list: (principal) => db.run(findSchedules(principal)),

    async delete(principal, id) {
      const row = isName(id) ? await runOne(db, deleteSchedule(principal, id)) : undefined
      if (row === undefined) throw notFound()
    },

    fire: () => fireSchedules({ db, hints, definitions, makeId }),
  }

  /** @returns what time it is by the database's clock */
  async function checkCount(principal: Principal, id: string): Promise<string> {
    const { count, now } = (await runOne(db, countSchedules(principal)))!
    if (count < limits.schedulesPerOwner) return now
    if ((await runOne(db, findSchedules(principal, id))) !== undefined) return now
    throw new LonghaulError(
      'too_many_schedules',
      `A user can have at most ${limits.schedulesPerOwner} schedules, so this one was not made. Delete one first.`,
    )
  }
}

function checkNames(id: string, missed: string): Issue[] {
  const issues: Issue[] = []
  if (!isName(id)) {
    const message =
      'must be 1 to 64 of a-z, 0-9, ".", "_" and "-", and begin with a letter or digit'
    issues.push({ pointer: '/id', code: 'invalid', message })
  }
  if (!['skip', 'once', 'all'].includes(missed)) {
    issues.push({ pointer: '/missed', code: 'invalid', message: 'must be skip, once or all' })
  }
  return issues
}

function notFound(): LonghaulError {
  return new LonghaulError('schedule_not_found', 'There is no such schedule among yours.')
}
