import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadAtlas } from '../places/atlas.js'
import { choosePlaces } from '../places/choose-places.js'
import { findDestination } from '../places/find-destination.js'
import { readPreferences } from '../request/preferences.js'
import { seededRandom } from '../seeded-random.js'
import { groupByArea } from './group-by-area.js'
import { planDays } from './plan-days.js'

const coordinate = fc.double({ min: -100, max: 100, noNaN: true })
const points = fc.array(fc.record({ x: coordinate, y: coordinate }), { maxLength: 40 })

describe('groupByArea', () => {
  it('puts every point into exactly one group, and no group over its capacity', () => {
    fc.assert(
      fc.property(points, fc.integer({ min: 1, max: 8 }), fc.string(), (all, groups, seed) => {
        const capacity = Math.max(1, Math.ceil(all.length / groups))
        const members = groupByArea(all, groups, capacity, seededRandom(seed))
        expect(members).toHaveLength(groups)
        expect(members.flat().sort((a, b) => a - b)).toEqual([...all.keys()])
        expect(Math.max(...members.map(({ length }) => length))).toBeLessThanOrEqual(capacity)
      }),
    )
  })

  it('finds areas that are far apart', () => {
    const around = (x: number) => [0, 1, 2].map((n) => ({ x: x + n, y: n }))
    const all = [...around(0), ...around(100), ...around(200)]
    const members = groupByArea(all, 3, 3, seededRandom('areas'))
    expect(members.map((group) => group.join()).sort()).toEqual(['0,1,2', '3,4,5', '6,7,8'])
  })

  it('refuses more points than there is room for', () => {
    const all = [0, 1, 2].map((n) => ({ x: n, y: 0 }))
    expect(() => groupByArea(all, 1, 2, seededRandom(''))).toThrow(/do not fit/)
  })
})

describe('planDays', async () => {
  const atlas = await loadAtlas()

  it.each([
    ['Lisbon', 4],
    ['Suva', 4],
    ['Alice Springs', 2],
    ['Prague', 14],
  ])('gives each place around %s one of %i days, and some days none', (name, days) => {
    const { place } = findDestination(atlas, name)
    const { candidates } = choosePlaces(atlas, place, days, readPreferences())
    const groups = planDays(place, candidates, days, seededRandom(name))
    expect(groups).toHaveLength(days)
    expect(groups.flat().sort((a, b) => a - b)).toEqual([...candidates.keys()])
  })

  it('stays near on the day of arrival and on the day of departure', () => {
    const { place } = findDestination(atlas, 'Lisbon')
    const { candidates } = choosePlaces(atlas, place, 4, readPreferences())
    const means = planDays(place, candidates, 4, seededRandom('Lisbon')).map(
      (group) => group.reduce((sum, n) => sum + candidates[n]!.km, 0) / group.length,
    )
    const [first, second, third, last] = means
    expect(Math.max(first!, last!)).toBeLessThanOrEqual(Math.min(second!, third!))
  })
})
