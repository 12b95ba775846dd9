import type { PlanDay, TripPlan } from '../trip-plan.js'

const longestLine = 75

/**
 * An event for each stop (RFC 5545). The times are those of the place and say no time zone, so that a
 * calendar shows them as they are written.
 */
export function asCalendar({ destination, days }: TripPlan): string {
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Longhaul Studio//EN',
    ...days.flatMap((day) => eventsOf(day, destination.name)),
    'END:VCALENDAR',
  ]
    .map(folded)
    .join('\r\n')
    .concat('\r\n')
}

function eventsOf({ date, number, stops }: PlanDay, base: string): string[] {
  if (date === null) return []
  return stops.flatMap(({ name, arrive, visitMinutes, latitude, longitude }, n) => [
    'BEGIN:VEVENT',
    `UID:${date}-${n + 1}-${encodeURIComponent(name)}@longhaul-studio`,
    `DTSTAMP:${date.replaceAll('-', '')}T000000Z`,
    `DTSTART:${moment(date, arrive)}`,
    `DURATION:PT${visitMinutes}M`,
    `SUMMARY:${escaped(name)}`,
    `DESCRIPTION:${escaped(`Day ${number} of the trip to ${base}`)}`,
    `GEO:${latitude};${longitude}`,
    'END:VEVENT',
  ])
}

function moment(date: string, time: string): string {
  return `${date.replaceAll('-', '')}T${time.replace(':', '')}00`
}

function escaped(text: string): string {
  return text.replaceAll(/[\\;,]/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`)
}

/** Longer lines go on in the next one, after a space. Counted in bytes, and no letter is cut. */
function folded(line: string): string {
  const encoder = new TextEncoder()
  let bytes = 0
  let text = ''
  for (const letter of line) {
    const size = encoder.encode(letter).length
    if (bytes + size > longestLine) {
      text += '\r\n '
      bytes = 1
    }
    text += letter
    bytes += size
  }
  return text
}
