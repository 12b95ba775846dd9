import { improveRoute, withStop } from './improve-route.js'
import { type RouteProblem, type Stops, valueOf } from './route.js'

/** After this many rounds without anything better, begin again from another start. */
const patience = 40

/**
 * Search for the best round, endlessly: take the best as it is now and stop when there is no more time.
 * Each turn changes the current round at random, improves it as far as single moves go, and keeps it
 * when it is no worse (iterated local search with restarts).
 */
export function* searchRoutes(
  problem: RouteProblem,
  random: () => number,
): Generator<Stops, never> {
  let best: Stops = improveRoute(problem, [])
  let bestValue = valueOf(problem, best)
  for (;;) {
    let current = improveRoute(problem, randomStart(problem, random))
    for (let stale = 0; stale < patience; stale += 1) {
      const value = valueOf(problem, current)
      if (value > bestValue) [best, bestValue, stale] = [current, value, 0]
      yield best
      const next = improveRoute(problem, shake(problem, current, random))
      if (valueOf(problem, next) >= value) current = next
    }
  }
}

function randomStart(problem: RouteProblem, random: () => number): Stops {
  const order = problem.visitMinutes.map((_, stop) => stop).slice(1)
  return addAll(problem, [], shuffle(order, random))
}

/** Leave out up to half of the stops, and put random others in. */
function shake(problem: RouteProblem, stops: Stops, random: () => number): Stops {
  const leaving = 1 + Math.floor((random() * stops.length) / 2)
  const kept = new Set(shuffle([...stops.keys()], random).slice(leaving))
  const rest = stops.filter((_, n) => kept.has(n))
  const others = problem.visitMinutes.map((_, stop) => stop).slice(1)
  const strangers = shuffle(others, random).filter((stop) => !stops.includes(stop))
  return addAll(problem, rest, strangers.slice(0, leaving))
}

function addAll(problem: RouteProblem, start: Stops, wanted: Stops): Stops {
  return wanted.reduce((stops, stop) => withStop(problem, stops, stop) ?? stops, start)
}

function shuffle(items: readonly number[], random: () => number): number[] {
  const shuffled = [...items]
  for (let n = shuffled.length - 1; n > 0; n -= 1) {
    const other = Math.floor(random() * (n + 1))
    ;[shuffled[n], shuffled[other]] = [shuffled[other]!, shuffled[n]!]
  }
  return shuffled
}
