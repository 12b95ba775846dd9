import type { ReactElement } from 'react'
import type { PlanDay, TripPlan } from '../../trips/trip-plan.js'
import { duration } from '../../trips/writing/phrases.js'
import { countOf, dayInWords } from '../trips/trip-words.js'
import { DayMap } from './day-map.js'
import { Stops } from './stops.js'

export interface DayCardProps {
  readonly day: PlanDay
  readonly plan: TripPlan
}

export function DayCard({ day, plan }: DayCardProps): ReactElement {
  const { number, date, stops, km, driveMinutes, considered, compared } = day
  const headingId = `day-${number}`
  return (
    <section className="card day" aria-labelledby={headingId}>
      <header className="day-head">
        <h2 id={headingId}>
          Day {number}
          {date !== null && <span className="day-date">{dayInWords(date)}</span>}
        </h2>
        <p className="day-sums">
          {stops.length === 0
            ? `In ${plan.destination.name}`
            : `${km} km · ${duration(driveMinutes)} driving`}
        </p>
      </header>
      <p className="day-text">{day.text}</p>
      {stops.length > 0 && (
        <div className="day-body">
          <figure className="day-figure">
            <DayMap day={day} plan={plan} />
            <figcaption className="muted">
              Best of {countOf(compared, 'round')} compared, through {countOf(considered, 'place')}{' '}
              of this corner.
            </figcaption>
          </figure>
          <Stops day={day} destination={plan.destination.name} />
        </div>
      )}
    </section>
  )
}
