import type { RouteProblem, Stops } from '../route/route.js'
import { type Arrangement, dayMinutes, isDay } from './arrangement.js'

/** Differences smaller than this come from rounding, and would be found again and again. */
const enough = 1e-9

/** Better and better arrangements, one move at a time, until no single move makes it better. */
export function* improveDays(problem: RouteProblem, start: Arrangement): Generator<Arrangement> {
  let days = start
  for (;;) {
    const better = turn(problem, days) ?? move(problem, days) ?? swap(problem, days)
    if (better === undefined) return
    days = better
    yield days
  }
}

/** A stretch of a day the other way round (2-opt). */
function turn(problem: RouteProblem, days: Arrangement): Arrangement | undefined {
  for (const [n, stops] of days.entries()) {
    for (let from = 0; from < stops.length - 1; from += 1) {
      for (let to = from + 2; to <= stops.length; to += 1) {
        const stretch = stops.slice(from, to).toReversed()
        const next = [...stops.slice(0, from), ...stretch, ...stops.slice(to)]
        const better = withDays(problem, days, [[n, next]])
        if (better !== undefined) return better
      }
    }
  }
  return undefined
}

/** A stop to another place of its day, or into another day. */
function move(problem: RouteProblem, days: Arrangement): Arrangement | undefined {
  for (const [from, stops] of days.entries()) {
    for (const [at, stop] of stops.entries()) {
      const without = stops.toSpliced(at, 1)
      for (const [to, others] of days.entries()) {
        const base = to === from ? without : others
        for (let place = 0; base.length > 0 && place <= base.length; place += 1) {
          const change: Change = [to, base.toSpliced(place, 0, stop)]
          const changes: Change[] = to === from ? [change] : [[from, without], change]
          const better = withDays(problem, days, changes)
          if (better !== undefined) return better
        }
      }
    }
  }
  return undefined
}

/** Two stops of two days change places. */
function swap(problem: RouteProblem, days: Arrangement): Arrangement | undefined {
  for (const [a, ofA] of days.entries()) {
    for (let b = a + 1; b < days.length; b += 1) {
      for (const [atA, stopA] of ofA.entries()) {
        for (const [atB, stopB] of days[b]!.entries()) {
          const better = withDays(problem, days, [
            [a, replaced(ofA, atA, stopB)],
            [b, replaced(days[b]!, atB, stopA)],
          ])
          if (better !== undefined) return better
        }
      }
    }
  }
  return undefined
}

function replaced(stops: Stops, at: number, stop: number): Stops {
  return stops.toSpliced(at, 1, stop)
}

type Change = readonly [day: number, stops: Stops]

/** The arrangement with these days changed, if that is possible and better. */
function withDays(
  problem: RouteProblem,
  days: Arrangement,
  changes: readonly Change[],
): Arrangement | undefined {
  const saved = changes.reduce(
    (sum, [n, stops]) => sum + dayMinutes(problem, days[n]!) - dayMinutes(problem, stops),
    0,
  )
  if (saved <= enough || !changes.every(([, stops]) => isDay(problem, stops))) return undefined
  const next = [...days]
  for (const [n, stops] of changes) next[n] = stops
  return next
}
