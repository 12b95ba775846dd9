import { describe, expect, it } from 'vitest'
import { loadAtlas } from '../places/atlas.js'
import { choosePlaces } from '../places/choose-places.js'
import { findDestination } from '../places/find-destination.js'
import { readPreferences, type Style, styles } from '../request/preferences.js'
import { seededRandom } from '../seeded-random.js'
import type { PlanRoute } from '../trip-plan.js'
import { orderDay } from './order-day.js'
import { createTurns } from './take-turns.js'

const atlas = await loadAtlas()

function dayFrom(name: string, style: Style): Promise<PlanRoute> {
  const { place } = findDestination(atlas, name)
  const { candidates } = choosePlaces(atlas, place, 1, readPreferences({ style }))
  return orderDay({
    destination: place,
    candidates,
    style,
    random: seededRandom(name),
    budgetMs: 20,
    signal: new AbortController().signal,
    turn: createTurns(),
  })
}

const minutesOf = (clock: string): number => {
  const [hours, minutes] = clock.split(':').map(Number)
  return hours! * 60 + minutes!
}

describe('a day', () => {
  it.each(Object.keys(styles) as Style[])(
    'adds up: from door to door in a %s style, leg by leg',
    async (style) => {
      const { leave, stops, legs, return: back, km, driveMinutes } = await dayFrom('Lisbon', style)
      expect(stops.length).toBeGreaterThan(0)
      expect(stops.length).toBeLessThanOrEqual(styles[style].maxStops)
      expect(legs.map(({ from }) => from)).toEqual(['Lisbon', ...stops.map(({ name }) => name)])
      expect(legs.map(({ to }) => to)).toEqual([...stops.map(({ name }) => name), 'Lisbon'])
      let now = minutesOf(leave)
      for (const [n, stop] of stops.entries()) {
        now += legs[n]!.minutes
        expect(minutesOf(stop.arrive)).toBe(now)
        now += stop.visitMinutes
      }
      expect(minutesOf(back)).toBe(now + legs.at(-1)!.minutes)
      expect(km).toBe(legs.reduce((sum, leg) => sum + leg.km, 0))
      expect(driveMinutes).toBe(legs.reduce((sum, leg) => sum + leg.minutes, 0))
    },
  )

  it('ends when the style says, but for the rounding to five minutes', async () => {
    for (const style of Object.keys(styles) as Style[]) {
      const { leave, return: back, legs } = await dayFrom('Lisbon', style)
      const rounding = 2.5 * legs.length
      expect(minutesOf(back) - minutesOf(leave)).toBeLessThanOrEqual(
        styles[style].hours * 60 + rounding,
      )
    }
  })

  it('without places around stays where it is', async () => {
    expect(await dayFrom('Alice Springs', 'balanced')).toEqual({
      leave: '09:00',
      stops: [],
      legs: [],
      return: '09:00',
      km: 0,
      driveMinutes: 0,
      visitMinutes: 0,
      considered: 0,
      compared: 0,
    })
  })
})
