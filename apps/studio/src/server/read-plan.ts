import { type Job, LonghaulError, type Principal } from 'longhaul'
import { type TripPlan, tripPlan } from '../trips/trip-plan.js'

export interface JobReader {
  get(principal: Principal, id: string): Promise<Job>
}

/** The plan of a finished trip; nothing when there is none that the principal may see. */
export async function readPlan(
  jobs: JobReader | undefined,
  principal: Principal,
  tripId: string,
): Promise<TripPlan | undefined> {
  try {
    const trip = await jobs?.get(principal, tripId)
    return trip?.type === 'ai_trip_generation' ? tripPlan.safeParse(trip.result).data : undefined
  } catch (error) {
    if (LonghaulError.is(error, 'job_not_found')) return undefined
    throw error
  }
}
