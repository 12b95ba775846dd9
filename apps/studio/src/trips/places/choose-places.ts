import { budgets, type Preferences, styles } from '../request/preferences.js'
import type { Atlas } from './atlas.js'
import { planeKm } from './distance.js'
import { nearbyPlaces } from './nearby-places.js'
import type { Place } from './place.js'
import { seats, worthOf } from './worth.js'

/** A place that a day may lead to. */
export interface Candidate extends Place {
  /** As the crow flies from the destination. */
  readonly km: number
  /** How much it is worth a visit, from about 0 to 2, as far as the data can tell. */
  readonly worth: number
  /** On another landmass than the destination: by bridge, tunnel or ferry, the data does not say. */
  readonly crossing: boolean
}

export interface Choice {
  readonly radiusKm: number
  /** How many places there are within the radius. */
  readonly considered: number
  /** The best of them, spread out. */
  readonly candidates: readonly Candidate[]
}

/** Nearer than this it is the destination itself, or a part of it: 2.5 km for a town, 8 for New York. */
function ownKm({ population }: Place): number {
  return 2.5 + 2 * Math.max(0, Math.log10(Math.max(1, population) / 10_000))
}

const quarterKm = 12
const widestKm = 250
/** More than fit into a day, so that the route can choose among them. */
const candidatesPerStop = 3
/** Two neighbours are half as interesting as two places apart. */
const neighbourKm = 4
const neighbourFactor = 0.5

/** The places around the destination that suit the length of the trip and its wishes. */
export function choosePlaces(
  atlas: Atlas,
  destination: Place,
  days: number,
  preferences: Preferences,
): Choice {
  const wanted = days * styles[preferences.style].maxStops * candidatesPerStop
  let { radiusKm }: { radiusKm: number } = budgets[preferences.budget]
  let found = candidatesWithin(atlas, destination, radiusKm, preferences)
  // In empty country the next place is far away.
  while (found.length < wanted / 2 && radiusKm < widestKm) {
    radiusKm = Math.min(widestKm, Math.round(radiusKm * 1.5))
    found = candidatesWithin(atlas, destination, radiusKm, preferences)
  }
  return { radiusKm, considered: found.length, candidates: pickSpread(destination, found, wanted) }
}

function candidatesWithin(
  { places }: Atlas,
  destination: Place,
  radiusKm: number,
  preferences: Preferences,
): Candidate[] {
  const wantsQuarters = preferences.interests.includes('cities')
  const found = nearbyPlaces(places, destination, radiusKm)
    .map(({ index, km }) => ({ place: places.at(index), km }))
    .filter(({ place, km }) => {
      if (place.name === destination.name && km < quarterKm) return false
      return place.role === 'quarter' ? wantsQuarters && km <= quarterKm : km > ownKm(destination)
    })
    .sort((a, b) => b.place.population - a.place.population)
  const nearestCentre = centresAround(
    destination,
    found.map(({ place }) => place),
  )
  return found.map(({ place, km }, n) => {
    const crossing = place.landmass !== destination.landmass
    const aloneKm = nearestCentre(n)
    const worth = worthOf({ place, km, crossing, aloneKm, radiusKm, destination, preferences })
    return { ...place, km: Math.round(km * 10) / 10, worth, crossing }
  })
}

/** How far from each place the next larger one is whose role is no less. `places` come the largest first. */
function centresAround(destination: Place, places: readonly Place[]): (n: number) => number {
  const all = [destination, ...places].map((place) => ({
    ...planeKm(destination, place),
    population: place.population,
    seat: seats[place.role],
  }))
  return (n) => {
    const { x, y, seat, population } = all[n + 1]!
    let best = Infinity
    for (let m = 0; m <= n; m += 1) {
      const other = all[m]!
      if (other.seat < seat || other.population < population) continue
      best = Math.min(best, Math.hypot(x - other.x, y - other.y))
    }
    return best
  }
}

function pickSpread(destination: Place, found: readonly Candidate[], wanted: number): Candidate[] {
  const open = found.map((candidate) => ({
    candidate,
    position: planeKm(destination, candidate),
    appeal: candidate.worth,
  }))
  const picked: Candidate[] = []
  while (picked.length < wanted && open.length > 0) {
    const next = open.reduce((best, each, n) => (each.appeal > open[best]!.appeal ? n : best), 0)
    const [{ candidate, position }] = open.splice(next, 1) as [(typeof open)[number]]
    picked.push(candidate)
    for (const other of open) {
      const apart = Math.hypot(other.position.x - position.x, other.position.y - position.y)
      if (apart < neighbourKm) other.appeal *= neighbourFactor
    }
  }
  return picked
}
