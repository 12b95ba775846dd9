import type { JobOf } from 'longhaul'
import { useJobs } from 'longhaul/react'
import { tagOf } from '../../trips/optimise/proposal.js'
import type { TripPlan } from '../../trips/trip-plan.js'

export interface TakenPlan {
  readonly isLoading: boolean
  readonly plan: TripPlan | undefined
  /** The search that found it. */
  readonly searchId: string | undefined
}

/** The newest arrangement of a trip that its traveller took. */
export function useTakenPlan(tripId: string): TakenPlan {
  const { jobs, isLoading } = useJobs({
    type: ['ai_optimization'],
    tags: [tagOf(tripId)],
    status: ['completed'],
  })
  for (const job of jobs) {
    const plan = (job as JobOf<'ai_optimization'>).result?.plan
    if (plan !== undefined && plan !== null) return { isLoading, plan, searchId: job.id }
  }
  return { isLoading, plan: undefined, searchId: undefined }
}
