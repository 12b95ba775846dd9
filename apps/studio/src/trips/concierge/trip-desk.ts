import type { Principal } from 'longhaul'

export interface KnownTrip {
  readonly destination: string
  readonly status: string
}

/** What the tool answers: the trip's job, or that somebody would not have it. */
export type TripPlanned = { readonly tripId: string } | { readonly approved: false }

/** Where the assistant looks up trips, and asks for new ones, in the name of whoever asks. */
export interface TripDesk {
  /** The latest. */
  list(principal: Principal): Promise<readonly KnownTrip[]>
  /** @param key the same for the same call: asking twice makes one trip */
  plan(
    principal: Principal,
    trip: { readonly destination: string; readonly days: number },
    key: string,
  ): Promise<{ readonly tripId: string }>
}
