/** Days of the calendar, as `2027-05-30`: no time zone may move them. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10)
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / dayMs)
}

/** `30 May 2027` */
export function dayInWords(day: string): string {
  return format.format(Date.parse(day))
}

const dayMs = 86_400_000
const format = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
})
