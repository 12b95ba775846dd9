import type { Job, Principal } from 'longhaul'
import type { TripDesk } from '../../trips/concierge/trip-desk.js'
import type { TripRequest } from '../../trips/request/trip-request.js'

/** As much of the app's jobs as the desk needs. */
export interface TripJobs {
  list(list: {
    readonly principal: Principal
    readonly selection: { readonly type: readonly string[] }
    readonly limit: number
  }): Promise<{ readonly jobs: readonly Job[] }>
  enqueue(
    type: 'ai_trip_generation',
    input: TripRequest,
    options: { readonly principal: Principal; readonly idempotencyKey: string },
  ): Promise<{ readonly id: string }>
}

const mostListed = 8

export function createTripDesk(jobs: () => TripJobs): TripDesk {
  return {
    async list(principal) {
      const selection = { type: ['ai_trip_generation'] }
      const page = await jobs().list({ principal, selection, limit: mostListed })
      return page.jobs.map(({ input, status }) => ({
        destination: (input as TripRequest).destination,
        status,
      }))
    },
    async plan(principal, { destination, days }, idempotencyKey) {
      const input = { destination, dates: { duration: days } }
      const { id } = await jobs().enqueue('ai_trip_generation', input, {
        principal,
        idempotencyKey,
      })
      return { tripId: id }
    },
  }
}
