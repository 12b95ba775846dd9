import { distanceKm, type Point } from './distance.js'
import type { PlaceTable } from './place-table.js'

export interface Nearby {
  readonly index: number
  readonly km: number
}

const kmPerDegree = 111

/** All places within `radiusKm` of a point. Looks at every place of the world, which takes a millisecond. */
export function nearbyPlaces(places: PlaceTable, centre: Point, radiusKm: number): Nearby[] {
  const { size, latitudes, longitudes } = places
  const reach = radiusKm / kmPerDegree
  const found: Nearby[] = []
  for (let index = 0; index < size; index += 1) {
    const latitude = latitudes[index]!
    if (Math.abs(latitude - centre.latitude) > reach) continue
    const km = distanceKm(centre, { latitude, longitude: longitudes[index]! })
    if (km <= radiusKm) found.push({ index, km })
  }
  return found
}
