import type { ReactElement } from 'react'
import type { PlanDay, PlanLeg, PlanStop } from '../../trips/trip-plan.js'
import { duration, people, roleOf } from '../../trips/writing/phrases.js'

export interface StopsProps {
  readonly day: PlanDay
  readonly destination: string
}

/** The day from door to door. */
export function Stops({ day, destination }: StopsProps): ReactElement {
  const { stops, legs, leave } = day
  return (
    <ol className="stops">
      <Halt time={leave} name={destination} about="Start" leg={legs[0]} />
      {stops.map((stop, n) => (
        <Halt
          key={`${stop.name} ${stop.arrive}`}
          number={n + 1}
          time={stop.arrive}
          name={stop.name}
          about={aboutStop(stop)}
          leg={legs[n + 1]}
        />
      ))}
      <Halt time={day.return} name={destination} about="Back" />
    </ol>
  )
}

interface HaltProps {
  readonly time: string
  readonly name: string
  readonly about: string
  readonly number?: number
  /** The way from here on. */
  readonly leg?: PlanLeg | undefined
}

function Halt({ time, name, about, number, leg }: HaltProps): ReactElement {
  return (
    <li className="halt">
      <time className="halt-time">{time}</time>
      <span className="halt-mark" data-base={number === undefined}>
        {number}
      </span>
      <span className="halt-name">{name}</span>
      <span className="halt-about">{about}</span>
      {leg !== undefined && (
        <span className="halt-leg">
          {leg.km} km, {duration(leg.minutes)}
          {leg.crossing && ', over water: bridge or ferry'}
        </span>
      )}
    </li>
  )
}

function aboutStop(stop: PlanStop): string {
  const facts = [
    duration(stop.visitMinutes),
    people(stop.population),
    roleOf(stop),
    stop.coastal ? 'by the water' : '',
  ]
  return facts.filter(Boolean).join(' · ')
}
