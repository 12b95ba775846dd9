import { describe, expect, it } from 'vitest'
import { direction, distanceKm, driveMinutes, planeKm } from './distance.js'

const lisbon = { latitude: 38.7167, longitude: -9.1333 }
const porto = { latitude: 41.1496, longitude: -8.611 }
const suva = { latitude: -18.14, longitude: 178.44 }
const apia = { latitude: -13.83, longitude: -171.76 }

describe('distances', () => {
  it('are those of the earth', () => {
    expect(distanceKm(lisbon, porto)).toBeCloseTo(274, 0)
    expect(distanceKm(lisbon, lisbon)).toBe(0)
  })

  it('take the short way over the date line', () => {
    expect(distanceKm(suva, apia)).toBeLessThan(1200)
    expect(planeKm(suva, apia).x).toBeGreaterThan(0)
    expect(direction(suva, apia)).toBe('north-east')
  })

  it('on the plane agree with those of the sphere to a percent, as far as a trip goes', () => {
    const sintra = { latitude: 38.8, longitude: -9.38 }
    const { x, y } = planeKm(lisbon, sintra)
    const onSphere = distanceKm(lisbon, sintra)
    expect(Math.abs(Math.hypot(x, y) - onSphere) / onSphere).toBeLessThan(0.01)
  })

  it('take longer to drive the longer they are, and less for each kilometre', () => {
    const minutes = [1, 10, 30, 60, 120].map(driveMinutes)
    expect(minutes).toEqual(minutes.toSorted((a, b) => a - b))
    expect(driveMinutes(10) / 10).toBeGreaterThan(driveMinutes(60) / 60)
    expect(driveMinutes(75)).toBe(60)
  })
})
