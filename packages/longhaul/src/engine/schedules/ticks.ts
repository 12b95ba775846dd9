/**
 * The times of a cron expression, as the wall clock of its zone shows them. Where the clock is put
 * forward, a time that does not exist comes at the first moment after the gap; where it is put
 * back, a time of the repeated hour comes once, the first time, unless the expression repeats
 * within the hour anyway (as in Vixie cron).
 */
import { Cron } from 'croner'
import type { Issue, MissedTicks } from '../../core/index.js'

/** How late a job may be made and still be on time: later, its time was missed. */
const onTimeMs = 60_000
/** How many jobs one look makes of one schedule; the rest follow at once. */
const mostTicks = 200

/** The first time after `after`; nothing when there is none. */
export function nextTick(cron: string, timeZone: string, after: Date): Date | undefined {
  return parse(cron, timeZone).nextRun(after) ?? undefined
}

/** What is wrong with an expression or a zone. */
export function checkCron(cron: string, timeZone: string): Issue[] {
  if (!isZone(timeZone)) {
    const message = 'must be an IANA time zone, such as Europe/Lisbon'
    return [{ pointer: '/timeZone', code: 'invalid', message }]
  }
  const message =
    'must be five cron fields (minute, hour, day, month, weekday), or six with seconds first, that come true at some time'
  const issue: Issue = { pointer: '/cron', code: 'invalid', message }
  try {
    return nextTick(cron, timeZone, new Date()) === undefined ? [issue] : []
  } catch {
    return [issue]
  }
}

export interface Ticks {
  /** The times to make jobs for, oldest first. */
  readonly due: readonly Date[]
  /** The first time that is not looked at here. */
  readonly next: Date | undefined
}

/** What is due of a schedule whose next time was `first`. */
export function ticksUntil(
  now: Date,
  schedule: {
    readonly cron: string
    readonly timeZone: string
    readonly missed: MissedTicks
    readonly first: Date
  },
): Ticks {
  const times = parse(schedule.cron, schedule.timeZone)
  if (schedule.missed === 'all') return allUntil(now, schedule.first, times)
  const onTime = firstSince(new Date(now.getTime() - onTimeMs), schedule.first, times)
  // They stand for what was missed before them, too.
  if (onTime !== undefined && onTime <= now) return allUntil(now, onTime, times)
  const [last] = times.previousRuns(1, new Date(now.getTime() + 1))
  const newest = last !== undefined && last > schedule.first ? last : schedule.first
  return {
    due: schedule.missed === 'once' ? [newest] : [],
    next: times.nextRun(now) ?? undefined,
  }
}

function firstSince(since: Date, first: Date, times: Cron): Date | undefined {
  if (first >= since) return first
  return times.nextRun(new Date(since.getTime() - 1)) ?? undefined
}

function allUntil(now: Date, first: Date, times: Cron): Ticks {
  const due: Date[] = []
  let next: Date | undefined = first
  while (next !== undefined && next <= now && due.length < mostTicks) {
    due.push(next)
    next = times.nextRun(next) ?? undefined
  }
  return { due, next }
}

function parse(cron: string, timezone: string): Cron {
  return new Cron(cron, { timezone, paused: true, mode: '5-or-6-parts' })
}

function isZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
