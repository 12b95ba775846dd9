/** A trip is at most this long: a result of a fortnight is still a page that somebody reads. */
export const maxDays = 14

/** First and last day, both travelled, or only how many days. */
export type TripDates =
  | { readonly start: string; readonly end: string }
  | { readonly duration: number }

const dayMs = 86_400_000

/** Whether a text is a day of the calendar: `2027-02-29` is none. */
export function isDay(text: unknown): text is string {
  if (typeof text !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const time = Date.parse(text)
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(text)
}

export function daysOf(dates: TripDates): number {
  return 'duration' in dates ? dates.duration : daysBetween(dates.start, dates.end)
}

/** Both ends are travelled: from a Monday to the Tuesday after it are two days. */
export function daysBetween(start: string, end: string): number {
  return Math.round((Date.parse(end) - Date.parse(start)) / dayMs) + 1
}

/** The date of each day of the trip, or `null` for each when the trip has no dates yet. */
export function datesOfDays(dates: TripDates): (string | null)[] {
  return Array.from({ length: daysOf(dates) }, (_, n) =>
    'start' in dates ? addDays(dates.start, n) : null,
  )
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10)
}

/** What is wrong with the dates of a request, in a sentence that says how to put it right. */
export function problemOfDates(dates: unknown): string | undefined {
  if (typeof dates !== 'object' || dates === null) return howToGive
  const { start, end, duration, ...others } = dates as Record<string, unknown>
  if (Object.keys(others).length > 0) return howToGive
  if (duration !== undefined) {
    if (start !== undefined || end !== undefined) return howToGive
    return isCountOfDays(duration)
      ? undefined
      : `The duration must be a whole number of days from 1 to ${maxDays}.`
  }
  if (!isDay(start) || !isDay(end)) {
    return 'Give the first and the last day as dates such as 2027-05-30.'
  }
  if (end < start) return 'The last day is before the first. Give them the other way round.'
  return daysBetween(start, end) <= maxDays
    ? undefined
    : `A trip can be at most ${maxDays} days, the first and the last included.`
}

const howToGive =
  'Give either the first and the last day ({start, end}) or the number of days ({duration}).'

function isCountOfDays(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= maxDays
}
