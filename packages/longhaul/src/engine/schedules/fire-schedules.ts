import { describeFailure } from '../../core/index.js'
import {
  advanceSchedules,
  type DueSchedule,
  findNextTick,
  type FiredSchedule,
  insertNewJobs,
  lockDueSchedules,
  type NewJob,
  runOne,
} from '../../postgres/index.js'
import { piecesOf } from '../batcher.js'
import { asRequest } from '../enqueue/enqueue-request.js'
import type { SchedulesOptions } from './schedules.js'
import { ticksUntil } from './ticks.js'

const schedulesPerLook = 50
/**
 * How much input the jobs of one look have, in characters of JSON, beside the first of each schedule: what is left
 * is due, and follows at once.
 */
const mostInput = 8 * 1_048_576
/** When a schedule's expression comes true no more, or cannot be read, it is looked at again this much later. */
const neverMs = 30 * 86_400_000

/**
 * Make the jobs of schedules whose time has come. The locks, the jobs and the next times are one
 * transaction, so that each time makes one job, however many processes look at once.
 *
 * @returns how long until the next time, in milliseconds; nothing when there is no schedule
 */
export async function fireSchedules(options: SchedulesOptions): Promise<number | undefined> {
  const { db, hints } = options
  const made = await db.transaction(async (tx) => {
    const due = await tx.run(lockDueSchedules({ limit: schedulesPerLook }))
    if (due.length === 0) return []
    const fired: Fired[] = []
    let room = mostInput
    for (const [place, schedule] of due.entries()) {
      // One that makes up for much leaves the others their turn.
      const share = Math.max(1, room / (due.length - place))
      const one = await fire(schedule, share, options)
      fired.push(one)
      for (const { input } of one.jobs) room -= input.length
    }
    const jobs = fired.flatMap((each) => each.jobs)
    for (const piece of piecesOf(jobs, ({ input }) => input.length))
      await tx.run(insertNewJobs(piece))
    await tx.run(advanceSchedules(fired.map(({ schedule }) => schedule)))
    return jobs
  })
  if (made.length > 0)
    hints.send({ jobs: made, queues: [...new Set(made.map(({ queue }) => queue))] })
  const next = await runOne(db, findNextTick())
  return next?.inMs === null || next === undefined ? undefined : Math.max(0, next.inMs)
}

interface Fired {
  readonly schedule: FiredSchedule
  readonly jobs: readonly NewJob[]
}

/** Make jobs of a schedule as long as there is room for their input: one at least. */
async function fire(due: DueSchedule, room: number, options: SchedulesOptions): Promise<Fired> {
  const { tenantId, ownerId, id } = due
  const now = new Date(due.now)
  // Kept for when something is wrong with the schedule: then it is looked at again much later.
  let schedule: FiredSchedule = { tenantId, ownerId, id, nextAt: later(now) }
  try {
    const ticks = ticksUntil(now, { ...due, first: new Date(due.nextAt) })
    schedule = { ...schedule, nextAt: ticks.next?.toISOString() ?? later(now) }
    // Whoever changed the schedule may have computed its next time by a clock that is behind.
    const times = ticks.due.filter((tick) => due.lastAt === null || tick > new Date(due.lastAt))
    const jobs = await jobsOf(due, times, { room, options })
    const left = times[jobs.length]
    if (left !== undefined) schedule = { ...schedule, nextAt: left.toISOString() }
    const lastAt = times[jobs.length - 1]?.toISOString()
    return { schedule: lastAt === undefined ? schedule : { ...schedule, lastAt }, jobs }
  } catch (error) {
    // The job type has gone or takes another input now, or the zone is none here. Its owner sees why nothing comes.
    return { schedule: { ...schedule, lastError: describeFailure(error) }, jobs: [] }
  }
}

/** Oldest first: of those times for which there is room. */
async function jobsOf(
  due: DueSchedule,
  times: readonly Date[],
  { room, options }: { readonly room: number; readonly options: SchedulesOptions },
): Promise<readonly NewJob[]> {
  const jobs: NewJob[] = []
  let left = room
  for (const tick of times) {
    if (left <= 0) break
    const job = await asJob(due, tick, options)
    jobs.push(job)
    left -= job.input.length
  }
  return jobs
}

function later(now: Date): string {
  return new Date(now.getTime() + neverMs).toISOString()
}

async function asJob(
  { tenantId, ownerId, id, type, input, priority, tags }: DueSchedule,
  tick: Date,
  options: SchedulesOptions,
): Promise<NewJob> {
  const { row } = await asRequest(options, type, input, {
    principal: { tenantId, userId: ownerId, roles: [] },
    priority,
    tags,
    metadata: { schedule: { id, slot: tick.toISOString() } },
  })
  return row
}
