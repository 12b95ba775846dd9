import type { ReactElement } from 'react'
import { useCreateJob, useLonghaulClient } from 'longhaul/react'
import type { TripRequest } from '../../trips/request/trip-request.js'
import { PageHeading } from '../shell/page-heading.js'
import { addressOf, goTo } from '../shell/use-place.js'
import type { StartOptions } from './start-fields.js'
import { TripForm } from './trip-form.js'

export interface NewTripPageProps {
  /** The form begins with the wishes of an earlier trip. */
  readonly draft: TripRequest | undefined
  /** The server would not have it: what was typed should not be lost. */
  readonly onRefused: (request: TripRequest) => void
}

export function NewTripPage({ draft, onRefused }: NewTripPageProps): ReactElement {
  const client = useLonghaulClient()
  const { createJob } = useCreateJob('ai_trip_generation')

  /** The trip has its id from here, so its page need not wait for the server. */
  async function plan(request: TripRequest, start: StartOptions): Promise<void> {
    const id = client.newJobId()
    const created = createJob(request, { ...start, id })
    goTo(addressOf('trips', id))
    if ((await created) === undefined) onRefused(request)
  }

  return (
    <>
      <title>New trip · Longhaul Studio</title>
      <header className="page-head">
        <PageHeading>Where to?</PageHeading>
        <p className="lead">
          Name a town and how long you stay. You get a round for each day, through real places
          around it and back.
        </p>
      </header>
      <TripForm draft={draft} onPlan={(request, start) => void plan(request, start)} />
    </>
  )
}
