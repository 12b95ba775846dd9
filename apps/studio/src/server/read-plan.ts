import { type Job, LonghaulError, type Principal } from 'longhaul'
import {
  type OptimisationRequest,
  optimisationRequest,
  optimisationResult,
} from '../trips/optimise/optimisation.js'
import { type TripPlan, tripPlan } from '../trips/trip-plan.js'

export interface JobReader {
  get(principal: Principal, id: string): Promise<Job>
}

/** The plan of a finished trip, or what an earlier search made of it; nothing when there is none that the principal may see. */
export async function readPlan(
  jobs: JobReader | undefined,
  principal: Principal,
  { tripId, from }: Pick<OptimisationRequest, 'tripId' | 'from'>,
): Promise<TripPlan | undefined> {
  try {
    const job = await jobs?.get(principal, from ?? tripId)
    return from === undefined ? planOfTrip(job) : planOfSearch(job, tripId)
  } catch (error) {
    if (LonghaulError.is(error, 'job_not_found')) return undefined
    throw error
  }
}

function planOfTrip(job: Job | undefined): TripPlan | undefined {
  return job?.type === 'ai_trip_generation' ? tripPlan.safeParse(job.result).data : undefined
}

function planOfSearch(job: Job | undefined, tripId: string): TripPlan | undefined {
  if (job?.type !== 'ai_optimization') return undefined
  if (optimisationRequest.safeParse(job.input).data?.tripId !== tripId) return undefined
  return optimisationResult.safeParse(job.result).data?.plan ?? undefined
}
