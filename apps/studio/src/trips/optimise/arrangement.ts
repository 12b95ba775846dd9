import { driveMinutesOf, isPossible, type RouteProblem, type Stops } from '../route/route.js'

/** The stops of a trip, day by day. All of them stay in it; what changes is when and in which order. */
export type Arrangement = readonly Stops[]

/** What is to be made small. */
export function totalDriveMinutes(problem: RouteProblem, days: Arrangement): number {
  return days.reduce((sum, stops) => sum + dayMinutes(problem, stops), 0)
}

export function dayMinutes(problem: RouteProblem, stops: Stops): number {
  return stops.length === 0 ? 0 : driveMinutesOf(problem, stops)
}

/** A day that had stops keeps at least one: a trip should not end before its last day. */
export function isDay(problem: RouteProblem, stops: Stops): boolean {
  return stops.length > 0 && isPossible(problem, stops)
}
