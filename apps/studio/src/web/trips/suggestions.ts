import type { TripJob } from './trip.js'

/** Which places may have been meant, when the destination was not found. */
export function suggestionsOf({ error }: TripJob): string[] {
  if (error?.code !== 'destination_not_found') return []
  const { suggestions } = (error.context ?? {}) as { readonly suggestions?: readonly string[] }
  return [...(suggestions ?? [])]
}
