import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isPossible, type RouteProblem } from '../route/route.js'
import { seededRandom } from '../seeded-random.js'
import { type Arrangement, totalDriveMinutes } from './arrangement.js'
import { searchDays } from './search-days.js'

type Point = readonly [number, number]

/** Points on a plane, one minute a unit; the first is the base. */
function problemOf(points: readonly Point[], maxMinutes: number): RouteProblem {
  return {
    driveMinutes: points.map(([x, y]) => points.map(([u, v]) => Math.hypot(x - u, y - v))),
    visitMinutes: points.map(() => 1),
    worthMinutes: points.map(() => 0),
    maxMinutes,
    maxStops: 5,
  }
}

function best(problem: RouteProblem, start: Arrangement, rounds: number): Arrangement {
  const search = searchDays(problem, start, seededRandom('test'))
  let found = start
  for (let n = 0; n < rounds; n += 1) found = search.next().value
  return found
}

describe('searching for a better arrangement of the days', () => {
  it('brings together what lies together, also when it was in two days', () => {
    const points: Point[] = [
      [0, 0],
      [50, 0],
      [52, 1],
      [-50, 0],
      [-52, 1],
    ]
    const days = best(
      problemOf(points, 500),
      [
        [1, 3],
        [2, 4],
      ],
      200,
    )
    const sorted = days.map((stops) => stops.toSorted((a, b) => a - b))
    expect(sorted).toEqual(
      expect.arrayContaining([
        [1, 2],
        [3, 4],
      ]),
    )
  })

  it('never loses a stop, never fills a day beyond its hours, never makes it worse', () => {
    const point = fc.tuple(fc.integer({ min: -90, max: 90 }), fc.integer({ min: -90, max: 90 }))
    fc.assert(
      fc.property(fc.array(point, { minLength: 4, maxLength: 12 }), (points) => {
        const wide = problemOf([[0, 0], ...points], Infinity)
        const numbers = points.map((_, n) => n + 1)
        const start = [0, 1, 2].map((day) => numbers.filter((n) => n % 3 === day))
        const longest = Math.max(...start.map((stops) => totalDriveMinutes(wide, [stops]) + 4))
        const problem = { ...wide, maxMinutes: longest }
        const days = best(problem, start, 60)
        expect(days.flat().toSorted((a, b) => a - b)).toEqual(numbers)
        for (const stops of days) expect(stops.length > 0 && isPossible(problem, stops)).toBe(true)
        expect(totalDriveMinutes(problem, days)).toBeLessThanOrEqual(
          totalDriveMinutes(problem, start),
        )
      }),
      { numRuns: 30 },
    )
  })
})
