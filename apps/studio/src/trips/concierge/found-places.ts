import { JobFailure } from 'longhaul'
import { loadAtlas } from '../places/atlas.js'
import { choosePlaces } from '../places/choose-places.js'
import { direction } from '../places/distance.js'
import { findDestination } from '../places/find-destination.js'
import type { PlaceRole } from '../places/place.js'
import { placeLabel } from '../places/place-label.js'
import { readPreferences } from '../request/preferences.js'

/** A place near another, as the place data knows it. */
export interface FoundPlace {
  readonly name: string
  readonly region: string
  readonly country: string
  readonly km: number
  readonly direction: string
  readonly population: number
  readonly role: PlaceRole
  readonly coastal: boolean
}

export type FoundPlaces =
  | { readonly town: string; readonly places: readonly FoundPlace[] }
  | { readonly problem: string }

export interface FindPlaces {
  readonly near: string
  readonly count: number
  readonly interests: readonly string[]
}

/** The best places around a town. That there is no such town is an answer too. */
export async function findPlaces({ near, count, interests }: FindPlaces): Promise<FoundPlaces> {
  const atlas = await loadAtlas()
  try {
    const { place } = findDestination(atlas, near)
    const wishes = readPreferences({ interests: [...interests] })
    const { candidates } = choosePlaces(atlas, place, Math.ceil(count / 6), wishes)
    return {
      town: placeLabel(place),
      places: candidates.slice(0, count).map((each) => ({
        name: each.name,
        region: each.region,
        country: each.country,
        km: Math.round(each.km),
        direction: direction(place, each),
        population: each.population,
        role: each.role,
        coastal: each.coastal,
      })),
    }
  } catch (error) {
    if (error instanceof JobFailure) return { problem: unknownTown(near, error) }
    throw error
  }
}

function unknownTown(name: string, { context }: JobFailure): string {
  const { suggestions = [] } = (context ?? {}) as { readonly suggestions?: readonly string[] }
  const remedy = suggestions.length === 0 ? 'Is it spelt so?' : `Did you mean ${suggestions[0]}?`
  return `The place data has no “${name}”. ${remedy}`
}
