// Without an offset a time means something else on every machine.
const rfc3339 = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/i

/** Milliseconds since 1970 of a Date or an RFC 3339 time with an offset, seconds optional; `undefined` for anything else. */
export function parseTime(value: Date | string): number | undefined {
  if (typeof value === 'string' && !isOnCalendar(rfc3339.exec(value)?.[1])) return undefined
  const time = new Date(value).getTime()
  return Number.isNaN(time) ? undefined : time
}

/** JavaScript takes the 30th of February for the 2nd of March. */
function isOnCalendar(day: string | undefined): boolean {
  if (day === undefined) return false
  const midnight = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day)
}
