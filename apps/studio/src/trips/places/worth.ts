import { budgets, type Preferences } from '../request/preferences.js'
import type { Place, PlaceRole } from './place.js'

export interface Judged {
  readonly place: Place
  readonly destination: Place
  /** As the crow flies from the destination. */
  readonly km: number
  readonly radiusKm: number
  readonly crossing: boolean
  /** How far the next larger place is whose role is no less: a suburb is near one. */
  readonly aloneKm: number
  readonly preferences: Preferences
}

/** How much of a centre a place is. */
export const seats: Readonly<Record<PlaceRole, number>> = {
  capital: 1,
  region_seat: 0.9,
  district_seat: 0.6,
  local_seat: 0.25,
  quarter: 0.2,
  place: 0,
}

const aloneEnoughKm = 15
const smallTown = 15_000

/** How much a place is worth a visit. All that is known is its size, its role and where it lies, so only these count. */
export function worthOf(judged: Judged): number {
  const { place, km, radiusKm, crossing, destination, preferences } = judged
  const size = sizeOf(place)
  const alone = place.role === 'quarter' ? 0.4 : Math.min(1, judged.aloneKm / aloneEnoughKm)
  const abroad = place.country !== destination.country
  // A suburb has little of its own, however many people live there.
  const own = 0.2 + 0.8 * alone
  const general = (0.4 * size + 0.5 * seats[place.role] + 0.3) * own
  const distance = budgets[preferences.budget].distanceCost * (km / radiusKm)
  const wanted = preferences.interests.map((interest) => {
    switch (interest) {
      case 'coast':
        return place.coastal ? 0.5 : 0
      case 'islands':
        return crossing ? 0.6 : 0
      case 'cities':
        return 0.8 * size * own
      case 'towns':
        return place.population < smallTown ? 0.5 * alone : 0
      case 'capitals':
        return 0.6 * seats[place.role]
      case 'borders':
        return abroad ? 0.6 : 0
      default:
        return interest satisfies never
    }
  })
  const unasked =
    (crossing && !preferences.interests.includes('islands') ? 0.3 : 0) +
    (abroad && !preferences.interests.includes('borders') ? 0.15 : 0)
  const worth = general + wanted.reduce((sum, each) => sum + each, 0) - distance - unasked
  return Math.max(0, Math.round(worth * 1000) / 1000)
}

/** From 0 for a thousand people to 1 for a million. */
function sizeOf({ population }: Place): number {
  return Math.max(0, Math.min(1, Math.log10(Math.max(1, population) / 1000) / 3))
}
