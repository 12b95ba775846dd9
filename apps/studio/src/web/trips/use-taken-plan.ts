import type { JobOf } from 'longhaul'
import { useJobs } from 'longhaul/react'
import { tagOf } from '../../trips/optimise/proposal.js'
import type { TripPlan } from '../../trips/trip-plan.js'

/** The newest arrangement of a trip that its traveller took. */
export function useTakenPlan(tripId: string): TripPlan | undefined {
  const { jobs } = useJobs({
    type: ['ai_optimization'],
    tags: [tagOf(tripId)],
    status: ['completed'],
  })
  const plans = jobs.map((job) => (job as JobOf<'ai_optimization'>).result?.plan)
  return plans.find((plan) => plan !== undefined && plan !== null)
}
