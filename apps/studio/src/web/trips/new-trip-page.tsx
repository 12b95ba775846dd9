import type { ReactElement } from 'react'
import { useCreateJob } from 'longhaul/react'
import type { TripRequest } from '../../trips/request/trip-request.js'
import { goTo, tripAddress } from '../shell/use-place.js'
import { TripForm } from './trip-form.js'

/** The form for a new trip. With `draft` it begins with the wishes of an earlier one. */
export function NewTripPage({ draft }: { draft: TripRequest | undefined }): ReactElement {
  const { createJob, isLoading, error } = useCreateJob('ai_trip_generation')

  async function plan(request: TripRequest): Promise<void> {
    const job = await createJob(request)
    if (job !== undefined) goTo(tripAddress(job.id))
  }

  return (
    <>
      <title>New trip · Longhaul Studio</title>
      <header className="page-head">
        <h1>Where to?</h1>
        <p className="lead">
          Name a town and how long you stay. You get a round for each day, through real places
          around it and back.
        </p>
      </header>
      <TripForm draft={draft} isBusy={isLoading} problem={error?.message} onPlan={plan} />
    </>
  )
}
