import type { ReactElement } from 'react'
import type { TripRequest } from '../../trips/request/trip-request.js'
import { PageHeading } from '../shell/page-heading.js'
import type { TripJob } from './trip.js'
import { datesInWords, wishesInWords } from './trip-words.js'

export interface TripHeadProps {
  readonly trip: TripJob
  readonly onChange: (request: TripRequest) => void
}

/** What the trip is, in the same place and height whatever its status. */
export function TripHead({ trip, onChange }: TripHeadProps): ReactElement {
  const { input, result } = trip
  return (
    <header className="page-head page-head-with-action">
      <div>
        <PageHeading>{result?.destination.name ?? input.destination}</PageHeading>
        <p className="lead">{datesInWords(input.dates)}</p>
        <p className="muted">{wishesInWords(input)}</p>
      </div>
      <button type="button" className="button" onClick={() => onChange(input)}>
        Change and plan anew
      </button>
    </header>
  )
}
