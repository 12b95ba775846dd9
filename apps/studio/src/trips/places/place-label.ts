import { countryName } from './country-name.js'
import type { Place } from './place.js'

/** Enough to tell it from its namesakes: `Portland, Oregon, United States`; `Lisbon, Portugal`. */
export function placeLabel({
  name,
  region,
  country,
}: Pick<Place, 'name' | 'region' | 'country'>): string {
  return [name, region === name ? '' : region, countryName(country)].filter(Boolean).join(', ')
}
