/**
 * One day: from the base through some of the candidates and back. Number 0 is the base, the candidates
 * are counted from 1. What is looked for is the round whose stops are worth most, less the driving.
 */
export interface RouteProblem {
  /** Minutes on the road from each to each. */
  readonly driveMinutes: readonly (readonly number[])[]
  readonly visitMinutes: readonly number[]
  /** How many minutes of driving a stop is worth. */
  readonly worthMinutes: readonly number[]
  readonly maxMinutes: number
  readonly maxStops: number
}

/** The candidates to stop at, in order, without the base. */
export type Stops = readonly number[]

export function driveMinutesOf({ driveMinutes }: RouteProblem, stops: Stops): number {
  let sum = 0
  let at = 0
  for (const stop of stops) {
    sum += driveMinutes[at]![stop]!
    at = stop
  }
  return sum + driveMinutes[at]![0]!
}

export function visitMinutesOf({ visitMinutes }: RouteProblem, stops: Stops): number {
  return stops.reduce((sum, stop) => sum + visitMinutes[stop]!, 0)
}

/** What a round is worth: higher is better, and staying at the base is worth nothing. */
export function valueOf(problem: RouteProblem, stops: Stops): number {
  const worth = stops.reduce((sum, stop) => sum + problem.worthMinutes[stop]!, 0)
  return worth - driveMinutesOf(problem, stops)
}

export function isPossible(problem: RouteProblem, stops: Stops): boolean {
  if (stops.length > problem.maxStops) return false
  return driveMinutesOf(problem, stops) + visitMinutesOf(problem, stops) <= problem.maxMinutes
}
