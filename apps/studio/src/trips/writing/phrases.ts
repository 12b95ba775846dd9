import { countryName } from '../places/country-name.js'
import type { PlanPlace } from '../trip-plan.js'

/** `2 h 5 min` */
export function duration(minutes: number): string {
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  return [hours > 0 ? `${hours} h` : '', rest > 0 || hours === 0 ? `${rest} min` : '']
    .filter(Boolean)
    .join(' ')
}

/** `a`, `a and b`, `a, b and c` */
export function list(items: readonly string[]): string {
  const last = items.at(-1)
  if (last === undefined || items.length === 1) return last ?? ''
  return `${items.slice(0, -1).join(', ')} and ${last}`
}

export function people(population: number): string {
  return `about ${population.toLocaleString('en')} people`
}

/** What the place is to its country or region, where the data says so. */
export function roleOf({ role, name, region, country }: PlanPlace): string {
  switch (role) {
    case 'capital':
      return `the capital of ${countryName(country)}`
    case 'region_seat':
      return region === '' || region === name
        ? 'the seat of its region'
        : `the seat of its region, ${region}`
    case 'district_seat':
      return 'a district seat'
    case 'quarter':
      return 'a part of the city'
    case 'local_seat':
    case 'place':
      return ''
    default:
      return role satisfies never
  }
}
