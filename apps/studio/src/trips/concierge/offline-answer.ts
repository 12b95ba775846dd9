import { people, roleOf } from '../writing/phrases.js'
import type { FoundPlace, FoundPlaces } from './found-places.js'
import type { Intent } from './intent.js'
import type { KnownTrip, TripPlanned } from './trip-desk.js'

const ability = [
  'I am the studio’s offline assistant: I follow a few patterns and look things up in the place data.',
  'Ask me for places, such as “Six towns near Lisbon by the sea”, for “my trips”, or say “Plan a trip to Porto for 3 days”.',
  'Of a text file that you attach I say what it says; of an image, its format and size.',
].join(' ')

/** The answer in words, from what the tool has found and nothing else. */
export function answerTo(intent: Intent, output: unknown): string {
  switch (intent.kind) {
    case 'find_places':
      return placesInWords(output as FoundPlaces)
    case 'my_trips':
      return tripsInWords(output as { trips: readonly KnownTrip[] })
    case 'plan_trip':
      return planInWords(intent, output as TripPlanned)
    case 'unknown':
      return ability
    default:
      return intent satisfies never
  }
}

function placesInWords(found: FoundPlaces): string {
  if ('problem' in found) return found.problem
  const { town, places } = found
  if (places.length === 0) return `The place data holds nothing around ${town} that fits.`
  const lines = places.map((place, n) => `${n + 1}. ${placeInWords(place)}`)
  return [`Around ${town} I would look at:`, ...lines].join('\n')
}

function placeInWords(place: FoundPlace): string {
  const role = roleOf({ ...place, latitude: 0, longitude: 0 })
  return [
    `${place.name}, ${place.km} km to the ${place.direction}`,
    people(place.population),
    role,
    place.coastal ? 'by the water' : '',
  ]
    .filter(Boolean)
    .join(', ')
    .concat('.')
}

function tripsInWords({ trips }: { readonly trips: readonly KnownTrip[] }): string {
  if (trips.length === 0) return 'You have no trips yet. Say “Plan a trip to Porto for 3 days”.'
  const lines = trips.map(({ destination, status }) => `– ${destination}: ${status}`)
  return ['Your latest trips:', ...lines].join('\n')
}

function planInWords(
  { destination, days }: Extract<Intent, { kind: 'plan_trip' }>,
  output: TripPlanned,
): string {
  if ('approved' in output)
    return `All right, I leave it. The trip to ${destination} is not planned.`
  return `The trip to ${destination} is being planned: ${days === 1 ? 'one day' : `${days} days`} of rounds through places around it. It goes on whether you watch it or not.`
}
