import type { RouteProblem } from '../route/route.js'
import { type Arrangement, isDay, totalDriveMinutes } from './arrangement.js'
import { improveDays } from './improve-days.js'

/** After this many rounds without anything better, go on from the best again. */
const patience = 30

/**
 * Search for the arrangement with the least driving, endlessly: take the best as it is now and stop
 * when there is no more time. Each round moves a few stops at random, improves as far as single moves
 * go, and goes on from there when that is no worse (iterated local search).
 */
export function* searchDays(
  problem: RouteProblem,
  start: Arrangement,
  random: () => number,
): Generator<Arrangement, never> {
  let best = start
  let current = start
  let candidate = start
  for (let stale = 0; ; stale += 1) {
    for (const better of improveDays(problem, candidate)) {
      candidate = better
      yield best
    }
    const minutes = totalDriveMinutes(problem, candidate)
    if (minutes < totalDriveMinutes(problem, best)) [best, stale] = [candidate, 0]
    if (minutes <= totalDriveMinutes(problem, current)) current = candidate
    if (stale >= patience) [current, stale] = [best, 0]
    yield best
    candidate = shake(problem, current, random)
  }
}

/** A few stops into other days, wherever they fit. */
function shake(problem: RouteProblem, days: Arrangement, random: () => number): Arrangement {
  const pick = (count: number): number => Math.floor(random() * count)
  const shaken = [...days]
  for (let moves = 2 + pick(3); moves > 0; moves -= 1) {
    const [from, to] = [pick(days.length), pick(days.length)]
    if (from === to || shaken[from]!.length < 2 || shaken[to]!.length === 0) continue
    const at = pick(shaken[from]!.length)
    const next = shaken[to]!.toSpliced(pick(shaken[to]!.length + 1), 0, shaken[from]![at]!)
    const without = shaken[from]!.toSpliced(at, 1)
    if (!isDay(problem, next) || !isDay(problem, without)) continue
    shaken[from] = without
    shaken[to] = next
  }
  return shaken
}
