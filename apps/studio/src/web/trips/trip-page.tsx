import type { ReactElement, ReactNode } from 'react'
import { isSettled, type LonghaulError } from 'longhaul'
import { type JobView, useJob } from 'longhaul/react'
import type { TripRequest } from '../../trips/request/trip-request.js'
import { PlanView } from '../plan/plan-view.js'
import { NotFoundPage } from '../shell/not-found-page.js'
import { addressOf } from '../shell/use-place.js'
import { DaysToCome } from './days-to-come.js'
import type { TripJob } from './trip.js'
import { TripHead } from './trip-head.js'
import { TripProgress } from './trip-progress.js'
import { useTakenPlan } from './use-taken-plan.js'

export interface TripPageProps {
  readonly id: string
  /** Begin a new trip with the wishes of this one. */
  readonly onChange: (request: TripRequest) => void
}

/** One trip, whatever has become of it. */
export function TripPage({ id, onChange }: TripPageProps): ReactElement {
  const view = useJob<'ai_trip_generation'>(id)
  return (
    <>
      <a className="back" href={addressOf('trips')}>
        All trips
      </a>
      {contentOf(view, onChange)}
    </>
  )
}

function contentOf(view: JobView<TripJob>, onChange: TripPageProps['onChange']): ReactElement {
  const { status, job, cancel, retry } = view
  if (status === 'not_found') return <NoSuchTrip error={view.error} />
  if (job === undefined) {
    return <p className="page-note" role="status" aria-label="Loading the trip" />
  }
  const progress = <TripProgress trip={job} onCancel={cancel} onRetry={retry} onChange={onChange} />
  return (
    <article>
      <title>{titleOf(job)}</title>
      <TripHead trip={job} onChange={onChange} />
      {job.status === 'completed' ? (
        <ShownPlan trip={job}>{progress}</ShownPlan>
      ) : (
        <>
          <h2 className="visually-hidden">Progress</h2>
          {progress}
        </>
      )}
      {!isSettled(job.status) && <DaysToCome trip={job} />}
    </article>
  )
}

/** As it was planned, or as its traveller took it from a search for less driving. */
function ShownPlan({ trip, children }: ShownPlanProps): ReactElement {
  const { plan: taken } = useTakenPlan(trip.id)
  return (
    <PlanView plan={taken ?? trip.result} expiresAt={trip.expiresAt}>
      {taken !== undefined && (
        <p>The days are arranged as you took them from a search for less driving.</p>
      )}
      {children}
    </PlanView>
  )
}

interface ShownPlanProps {
  readonly trip: Extract<TripJob, { readonly status: 'completed' }>
  readonly children: ReactNode
}

/** It never was, it is gone, or the server refused it just now, and then says why. */
function NoSuchTrip({ error }: { error: LonghaulError }): ReactElement {
  return error.code === 'job_not_found' ? (
    <NotFoundPage
      title="There is no such trip"
      why="It was removed, it has expired, or it belongs to somebody else."
    />
  ) : (
    <NotFoundPage
      title="The trip was not started"
      why={error.message}
      way="Back to what you asked for"
    />
  )
}

function titleOf({ status, progress, input, result }: TripJob): string {
  const name = result?.destination.name ?? input.destination
  return status === 'running'
    ? `${progress} % · ${name} · Longhaul Studio`
    : `${name} · Longhaul Studio`
}
