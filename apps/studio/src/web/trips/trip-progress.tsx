import type { ReactElement } from 'react'
import { ProgressTracker } from 'longhaul/react'
import type { TripRequest } from '../../trips/request/trip-request.js'
import { CancelledNote } from './cancelled-note.js'
import { suggestionsOf } from './suggestions.js'
import type { TripJob } from './trip.js'

export interface TripProgressProps {
  readonly trip: TripJob
  readonly onCancel: () => Promise<void>
  readonly onRetry: () => Promise<void>
  readonly onChange: (request: TripRequest) => void
}

/** How far the trip is, why it failed or was cancelled, and what can be done about it. */
export function TripProgress({
  trip,
  onCancel,
  onRetry,
  onChange,
}: TripProgressProps): ReactElement {
  const suggestions = suggestionsOf(trip)

  return (
    <div className="trip-progress">
      <ProgressTracker
        job={trip}
        label={`Trip to ${trip.result?.destination.name ?? trip.input.destination}`}
        onCancel={onCancel}
        onRetry={onRetry}
        showDetails="closed"
      />
      {trip.status === 'cancelled' && <CancelledNote trip={trip} />}
      {suggestions.length > 0 && (
        <div className="suggestions">
          <p className="muted">Go there instead:</p>
          {suggestions.map((destination) => (
            <button
              type="button"
              className="button"
              key={destination}
              onClick={() => onChange({ ...trip.input, destination })}
            >
              {destination}
            </button>
          ))}
        </div>
      )}
    </div>
  )
}
