import type { Job, JobOf } from 'longhaul'

export type TripJob = JobOf<'ai_trip_generation'>

/** A job as the studio knows it: it has no other type. */
export function asTrip(job: Job): TripJob {
  return job as TripJob
}
