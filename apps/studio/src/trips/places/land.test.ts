import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadAtlas } from './atlas.js'
import { findDestination } from './find-destination.js'
import { landInside, type Ring } from './land.js'

const { land, places, names } = await loadAtlas()
const atlas = { land, places, names }

/** Twice the signed area of a ring of longitudes and latitudes in turn. */
function areaOf(ring: readonly number[]): number {
  let sum = 0
  for (let n = 0; n < ring.length; n += 2) {
    const next = (n + 2) % ring.length
    sum += ring[n]! * ring[next + 1]! - ring[next]! * ring[n + 1]!
  }
  return Math.abs(sum)
}

const square: Ring = {
  points: Float64Array.of(0, 0, 10, 0, 10, 10, 0, 10),
  west: 0,
  south: 0,
  east: 10,
  north: 10,
}

describe('the land of a map', () => {
  it('is cut at the edge of the box', () => {
    const [ring] = landInside([square], { west: 5, south: -5, east: 15, north: 5 })
    expect(areaOf(ring!)).toBe(2 * 25)
  })

  it('lies within the box whatever the box is, and is all of it inland', () => {
    const corner = fc.double({ min: -20, max: 20, noNaN: true })
    const size = fc.double({ min: 0.1, max: 10, noNaN: true })
    fc.assert(
      fc.property(corner, corner, size, size, (west, south, width, height) => {
        const box = { west, south, east: west + width, north: south + height }
        for (const ring of landInside([square], box)) {
          for (const [n, degrees] of ring.entries()) {
            const [least, most] = n % 2 === 0 ? [box.west, box.east] : [box.south, box.north]
            expect(degrees).toBeGreaterThanOrEqual(least - 0.001)
            expect(degrees).toBeLessThanOrEqual(most + 0.001)
          }
        }
      }),
    )
    const inland = { west: 2, south: 2, east: 4, north: 4 }
    expect(areaOf(landInside([square], inland)[0]!)).toBeCloseTo(2 * 4, 5)
  })

  it('is all there is far from the sea, and half of it on a coast', () => {
    const share = (name: string): number => {
      const { place } = findDestination(atlas, name)
      const box = {
        west: place.longitude - 0.1,
        south: place.latitude - 0.1,
        east: place.longitude + 0.1,
        north: place.latitude + 0.1,
      }
      const whole = 2 * (box.east - box.west) * (box.north - box.south)
      return landInside(land, box).reduce((sum, ring) => sum + areaOf(ring), 0) / whole
    }
    expect(share('Prague')).toBeCloseTo(1, 2)
    expect(share('Cascais')).toBeGreaterThan(0.2)
    expect(share('Cascais')).toBeLessThan(0.8)
  })
})
