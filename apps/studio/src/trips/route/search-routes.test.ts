import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../seeded-random.js'
import {
  driveMinutesOf,
  isPossible,
  type RouteProblem,
  type Stops,
  valueOf,
  visitMinutesOf,
} from './route.js'
import { searchRoutes } from './search-routes.js'

/** Days around a base at the origin, as they come: places near and far, worth much and nothing. */
function problems(mostPlaces: number): fc.Arbitrary<RouteProblem> {
  const place = fc.record({
    x: fc.integer({ min: -90, max: 90 }),
    y: fc.integer({ min: -90, max: 90 }),
    visit: fc.integer({ min: 5, max: 150 }),
    worth: fc.integer({ min: 0, max: 300 }),
  })
  const day = fc.record({
    maxMinutes: fc.integer({ min: 0, max: 700 }),
    maxStops: fc.integer({ min: 1, max: 9 }),
  })
  return fc
    .tuple(fc.array(place, { minLength: 1, maxLength: mostPlaces }), day)
    .map(([places, limits]) => {
      const all = [{ x: 0, y: 0, visit: 0, worth: 0 }, ...places]
      return {
        driveMinutes: all.map((a) => all.map((b) => Math.hypot(a.x - b.x, a.y - b.y))),
        visitMinutes: all.map(({ visit }) => visit),
        worthMinutes: all.map(({ worth }) => worth),
        ...limits,
      }
    })
}

/** What is best after each of the first rounds. */
function firstRounds(problem: RouteProblem, count: number, seed: string): Stops[] {
  const search = searchRoutes(problem, seededRandom(seed))
  return Array.from({ length: count }, () => search.next().value)
}

function bestOfAll(problem: RouteProblem, stops: Stops = []): number {
  let best = valueOf(problem, stops)
  for (let stop = 1; stop < problem.visitMinutes.length; stop += 1) {
    const next = [...stops, stop]
    // More stops only take longer (the triangle inequality holds), so what is too long stays so.
    if (stops.includes(stop) || !isPossible(problem, next)) continue
    best = Math.max(best, bestOfAll(problem, next))
  }
  return best
}

describe('the search for a round', () => {
  it('goes to each place at most once, and is back in time', () => {
    fc.assert(
      fc.property(problems(14), fc.string(), (problem, seed) => {
        for (const stops of firstRounds(problem, 15, seed)) {
          expect(new Set(stops).size).toBe(stops.length)
          expect(stops.every((stop) => stop >= 1 && stop < problem.visitMinutes.length)).toBe(true)
          expect(stops.length).toBeLessThanOrEqual(problem.maxStops)
          const minutes = driveMinutesOf(problem, stops) + visitMinutesOf(problem, stops)
          expect(minutes).toBeLessThanOrEqual(problem.maxMinutes)
        }
      }),
    )
  })

  it('never gets worse with more time, and never worse than staying at home', () => {
    fc.assert(
      fc.property(problems(14), fc.string(), (problem, seed) => {
        const values = firstRounds(problem, 25, seed).map((stops) => valueOf(problem, stops))
        expect(values[0]).toBeGreaterThanOrEqual(0)
        expect(values).toEqual(values.toSorted((a, b) => a - b))
      }),
    )
  })

  it('finds the very best where all can be tried', () => {
    fc.assert(
      fc.property(problems(5), fc.string(), (problem, seed) => {
        const found = firstRounds(problem, 400, seed).at(-1)!
        expect(valueOf(problem, found)).toBeCloseTo(bestOfAll(problem), 6)
      }),
      { numRuns: 40 },
    )
  })

  it('finds the same again with the same seed', () => {
    fc.assert(
      fc.property(problems(10), fc.string(), (problem, seed) => {
        expect(firstRounds(problem, 10, seed)).toEqual(firstRounds(problem, 10, seed))
      }),
      { numRuns: 20 },
    )
  })
})
