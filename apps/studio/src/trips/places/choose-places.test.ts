import { describe, expect, it } from 'vitest'
import { budgets } from '../request/preferences.js'
import { readPreferences } from '../request/preferences.js'
import type { TripRequest } from '../request/trip-request.js'
import { loadAtlas } from './atlas.js'
import { type Choice, choosePlaces } from './choose-places.js'
import { findDestination } from './find-destination.js'

const atlas = await loadAtlas()

function choose(name: string, asked: TripRequest['preferences'] = {}, days = 4): Choice {
  const { place } = findDestination(atlas, name)
  return choosePlaces(atlas, place, days, readPreferences(asked))
}

const countOf = (choice: Choice, test: (candidate: Choice['candidates'][number]) => boolean) =>
  choice.candidates.filter(test).length

describe('the places of a trip', () => {
  it('lie within reach, are worth something to somebody, and come the best first', () => {
    const { radiusKm, considered, candidates } = choose('Lisbon')
    expect(candidates.length).toBeGreaterThan(40)
    expect(considered).toBeGreaterThanOrEqual(candidates.length)
    expect(candidates.map(({ name }) => name).slice(0, 4)).toContain('Setúbal')
    expect(Math.max(...candidates.map(({ km }) => km))).toBeLessThanOrEqual(radiusKm)
    expect(candidates.map(({ name }) => name)).not.toContain('Lisbon')
  })

  it('are no farther than the budget goes', () => {
    for (const [budget, { radiusKm }] of Object.entries(budgets)) {
      const choice = choose('Lisbon', { budget })
      expect(choice.radiusKm).toBe(radiusKm)
      expect(Math.max(...choice.candidates.map(({ km }) => km))).toBeLessThanOrEqual(radiusKm)
    }
  })

  it('are what was asked for: the coast, small towns, across the border, parts of the city', () => {
    const plain = choose('Lisbon')
    const coast = choose('Lisbon', { interests: ['coast'] })
    expect(countOf(coast, ({ coastal }) => coastal)).toBeGreaterThan(
      countOf(plain, ({ coastal }) => coastal),
    )
    const isSmall = ({ population }: { population: number }): boolean => population < 15_000
    expect(countOf(choose('Lisbon', { interests: ['towns'] }), isSmall)).toBeGreaterThan(
      countOf(plain, isSmall),
    )
    const isAbroad = ({ country }: { country: string }): boolean => country !== 'CH'
    expect(countOf(choose('Basel', { interests: ['borders'] }), isAbroad)).toBeGreaterThan(
      2 * countOf(choose('Basel'), isAbroad),
    )
    const isQuarter = ({ role }: { role: string }): boolean => role === 'quarter'
    expect(countOf(plain, isQuarter)).toBe(0)
    expect(countOf(choose('Lisbon', { interests: ['cities'] }), isQuarter)).toBeGreaterThan(0)
  })

  it('are looked for farther away where the country is empty', () => {
    const { radiusKm, candidates } = choose('Suva')
    expect(radiusKm).toBe(250)
    expect(candidates.map(({ name }) => name)).toContain('Lautoka')
  })

  it('may be none: then there is nothing within 250 km', () => {
    expect(choose('Alice Springs')).toEqual({ radiusKm: 250, considered: 0, candidates: [] })
  })

  it('tell of a crossing when they are on another landmass', () => {
    const levuka = choose('Suva').candidates.find(({ name }) => name === 'Levuka')
    expect(levuka).toMatchObject({ crossing: true })
  })

  it('become more with the days and the style', () => {
    const [short, long, active] = [
      choose('Lisbon', {}, 1),
      choose('Lisbon', {}, 3),
      choose('Lisbon', { style: 'active' }, 3),
    ]
    expect(short.candidates.length).toBeLessThan(long.candidates.length)
    expect(long.candidates.length).toBeLessThan(active.candidates.length)
  })
})
