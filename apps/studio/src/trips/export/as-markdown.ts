import type { PlanDay, TripPlan } from '../trip-plan.js'
import { duration } from '../writing/phrases.js'

/** The plan to be read and printed. */
export function asMarkdown({ destination, days, totals, attribution }: TripPlan): string {
  return [
    `# ${destination.name}`,
    `${days.length} days, ${totals.stops} stops, ${totals.km} km, ${duration(totals.driveMinutes)} driving.`,
    ...days.flatMap((day) => linesOf(day, destination.name)),
    '---',
    attribution.map(({ what, url }) => `${what} (${url})`).join('. '),
  ]
    .join('\n\n')
    .concat('\n')
}

function linesOf(day: PlanDay, base: string): string[] {
  const heading = `## Day ${day.number}${day.date === null ? '' : `, ${day.date}`}`
  if (day.stops.length === 0) return [heading, day.text]
  const stops = day.stops.map(
    ({ name, arrive, visitMinutes }) => `- ${arrive} ${name} (${duration(visitMinutes)})`,
  )
  const round = [`- ${day.leave} ${base}`, ...stops, `- ${day.return} ${base}`]
  return [heading, day.text, round.join('\n')]
}
