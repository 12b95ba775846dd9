import type { ReactElement } from 'react'
import { useJobs } from 'longhaul/react'
import { useNow } from '../controls/use-now.js'
import { addressOf } from '../shell/use-place.js'
import { StatusMark } from './status-mark.js'
import { asTrip, type TripJob } from './trip.js'
import { countOf, sinceInWords } from './trip-words.js'
import { daysOf } from '../../trips/request/trip-dates.js'

/** The newest trips of whoever is signed in, live. */
export function TripList({ openId }: { openId?: string | undefined }): ReactElement {
  const { jobs, isLoading, hasMore, loadMore } = useJobs({ type: ['ai_trip_generation'] })
  const now = useNow()
  return (
    <>
      {isLoading && <LoadingTrips />}
      {!isLoading && jobs.length === 0 && (
        <p className="empty">
          No trips yet. The first one that you plan will be here, on every device and after every
          reload.
        </p>
      )}
      <ul className="trip-list">
        {jobs.map(asTrip).map((trip) => (
          <TripRow key={trip.id} trip={trip} isOpen={trip.id === openId} now={now} />
        ))}
      </ul>
      {hasMore && (
        <button type="button" className="button button-wide" onClick={loadMore}>
          Show more
        </button>
      )}
    </>
  )
}

interface TripRowProps {
  readonly trip: TripJob
  readonly isOpen: boolean
  readonly now: number
}

function TripRow({ trip, isOpen, now }: TripRowProps): ReactElement {
  const { destination, dates } = trip.input
  return (
    <li>
      <a
        className="trip-row"
        href={addressOf('trips', trip.id)}
        aria-current={isOpen ? 'page' : undefined}
      >
        <StatusMark status={trip.status} progress={trip.progress} />
        <span className="trip-row-name">{trip.result?.destination.name ?? destination}</span>
        <span className="trip-row-about">
          {countOf(daysOf(dates), 'day')} · {about(trip, now)}
        </span>
      </a>
    </li>
  )
}

function about(trip: TripJob, now: number): string {
  switch (trip.status) {
    case 'queued':
      return 'waiting to start'
    case 'running':
      return trip.cancelRequestedAt === null ? `${trip.progress} %` : 'stopping'
    case 'failed':
      return 'failed'
    case 'cancelled':
      return 'cancelled'
    case 'waiting':
    case 'completed':
      return sinceInWords(trip.createdAt, now)
    default:
      return trip satisfies never
  }
}

function LoadingTrips(): ReactElement {
  return (
    <ul className="trip-list" aria-hidden="true">
      {[0, 1, 2].map((n) => (
        <li key={n} className="trip-row">
          <span className="bone bone-mark" />
          <span className="bone" />
          <span className="bone bone-short" />
        </li>
      ))}
    </ul>
  )
}
