import { driveMinutesOf, isPossible, type RouteProblem, type Stops, valueOf } from './route.js'

/** Differences smaller than this come from rounding, and would be found again and again. */
const enough = 1e-9

/** Change a round, one move at a time, until no single move makes it better. */
export function improveRoute(problem: RouteProblem, start: Stops): Stops {
  let stops = start
  for (;;) {
    const better = shorten(problem, stops) ?? exchange(problem, stops) ?? leaveOut(problem, stops)
    if (better === undefined) return stops
    stops = better
  }
}

/** The same stops in a shorter order: 2-opt (a stretch the other way round), then Or-opt (a stretch elsewhere). */
function shorten(problem: RouteProblem, stops: Stops): Stops | undefined {
  const length = driveMinutesOf(problem, stops)
  const isShorter = (other: Stops): boolean => driveMinutesOf(problem, other) < length - enough
  for (let from = 0; from < stops.length - 1; from += 1) {
    for (let to = from + 2; to <= stops.length; to += 1) {
      const stretch = stops.slice(from, to)
      const turned = [...stops.slice(0, from), ...stretch.toReversed(), ...stops.slice(to)]
      if (isShorter(turned)) return turned
      if (to - from > 3) continue
      const moved = moveStretch(stops, from, to).find(isShorter)
      if (moved !== undefined) return moved
    }
    const moved = moveStretch(stops, from, from + 1).find(isShorter)
    if (moved !== undefined) return moved
  }
  return undefined
}

function moveStretch(stops: Stops, from: number, to: number): Stops[] {
  const stretch = stops.slice(from, to)
  const others = [...stops.slice(0, from), ...stops.slice(to)]
  return Array.from({ length: others.length + 1 }, (_, at) => [
    ...others.slice(0, at),
    ...stretch,
    ...others.slice(at),
  ])
}

/** One stop more, or one in place of another: the best of all such moves. */
function exchange(problem: RouteProblem, stops: Stops): Stops | undefined {
  let best: Stops | undefined
  let bestValue = valueOf(problem, stops) + enough
  const consider = (others: Stops, stop: number): void => {
    const next = withStop(problem, others, stop)
    if (next === undefined) return
    const value = valueOf(problem, next)
    if (value > bestValue) [best, bestValue] = [next, value]
  }
  const without = stops.map((_, n) => stops.toSpliced(n, 1))
  for (let stop = 1; stop < problem.visitMinutes.length; stop += 1) {
    if (stops.includes(stop)) continue
    consider(stops, stop)
    for (const others of without) consider(others, stop)
  }
  return best
}

function leaveOut(problem: RouteProblem, stops: Stops): Stops | undefined {
  const value = valueOf(problem, stops)
  return stops
    .map((_, n) => stops.toSpliced(n, 1))
    .find((others) => valueOf(problem, others) > value + enough)
}

/** With a stop more, where it makes the round least longer; nothing when the day has no room for it. */
export function withStop(problem: RouteProblem, stops: Stops, stop: number): Stops | undefined {
  const { driveMinutes } = problem
  let bestAt = 0
  let leastMore = Infinity
  for (let at = 0; at <= stops.length; at += 1) {
    const before = at === 0 ? 0 : stops[at - 1]!
    const after = at === stops.length ? 0 : stops[at]!
    const more =
      driveMinutes[before]![stop]! + driveMinutes[stop]![after]! - driveMinutes[before]![after]!
    if (more < leastMore) [bestAt, leastMore] = [at, more]
  }
  const next = stops.toSpliced(bestAt, 0, stop)
  return isPossible(problem, next) ? next : undefined
}
