import { budgets, interests, readPreferences, styles } from '../../trips/request/preferences.js'
import { daysOf, type TripDates } from '../../trips/request/trip-dates.js'
import type { TripRequest } from '../../trips/request/trip-request.js'

export function countOf(count: number, one: string, many: string = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`
}

/** `4 days, 30 May to 2 June 2027` */
export function datesInWords(dates: TripDates): string {
  const days = countOf(daysOf(dates), 'day')
  if ('duration' in dates) return days
  return `${days}, ${dateRange.formatRange(Date.parse(dates.start), Date.parse(dates.end))}`
}

/** `Relaxed, medium budget, the coast and islands` */
export function wishesInWords({ preferences }: TripRequest): string {
  const { style, budget, interests: wanted } = readPreferences(preferences)
  return [
    `${styles[style].label} days`,
    `${budgets[budget].label.toLowerCase()} budget`,
    ...wanted.map((interest) => interests[interest].label.toLowerCase()),
  ].join(' · ')
}

/** `Sunday, 30 May` */
export function dayInWords(date: string): string {
  return weekday.format(Date.parse(date))
}

/** `just now`, `5 min ago`, `yesterday at 14:05` … */
export function sinceInWords(time: string, now: number): string {
  const minutes = Math.floor((now - Date.parse(time)) / 60_000)
  if (minutes < 1) return 'just now'
  if (minutes < 60) return `${minutes} min ago`
  return momentInWords(time)
}

export function momentInWords(time: string): string {
  return moment.format(Date.parse(time))
}

// Days of a trip are days of the calendar: no time zone may move them.
const dateRange = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
})
const weekday = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  timeZone: 'UTC',
})
const moment = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
})
