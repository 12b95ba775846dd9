import { describe, expect, it } from 'vitest'
import { loadAtlas } from '../places/atlas.js'
import { findDestination } from '../places/find-destination.js'
import type { PlanStop } from '../trip-plan.js'
import { drawMap } from './draw-map.js'
import { project } from './projection.js'
import { views } from './views.js'

const atlas = await loadAtlas()

const stopIn = (name: string): PlanStop => ({
  ...findDestination(atlas, name).place,
  arrive: '10:00',
  visitMinutes: 60,
})

describe('the map of a trip', () => {
  it.each([
    ['Prague', ['Kladno', 'Benešov']],
    ['Suva', ['Labasa']],
    ['Alice Springs', []],
  ])('around %s fills every picture of the plan', (name, stops) => {
    const { place } = findDestination(atlas, name)
    const routes = stops.map((stop) => ({ stops: [stopIn(stop)] }))
    const map = drawMap(atlas, place, routes)
    const everything = [place, ...stops.map(stopIn)]
    for (const picture of [
      project(everything, place, views.overview),
      project(everything, place, views.overviewOnPhone),
      ...routes.map((route) => project([place, ...route.stops], place, views.day)),
    ]) {
      const [left, top] = picture.at(map.west, map.north)
      const [right, bottom] = picture.at(map.east, map.south)
      expect(Math.max(left, top)).toBeLessThan(0)
      expect(right).toBeGreaterThan(picture.width)
      expect(bottom).toBeGreaterThan(picture.height)
    }
  })

  it('inland is land up to the edges', () => {
    const { place } = findDestination(atlas, 'Prague')
    const { land, west, north } = drawMap(atlas, place, [])
    expect(land).toHaveLength(1)
    expect(land[0]).toEqual(
      expect.arrayContaining([west, north].map((degrees) => Math.round(degrees * 1000) / 1000)),
    )
  })

  it('goes on over the date line', () => {
    const { east, land } = drawMap(atlas, findDestination(atlas, 'Labasa').place, [
      { stops: [{ ...stopIn('Labasa'), longitude: -179, latitude: -17.3 }] },
    ])
    expect(east).toBeGreaterThan(180)
    expect(Math.max(...land.flatMap((ring) => ring.filter((_, n) => n % 2 === 0)))).toBeGreaterThan(
      180,
    )
  })
})
