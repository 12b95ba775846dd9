import type { ReactElement } from 'react'
import { type DayState, shareOfDay, stateOfDay } from '../../trips/milestones.js'
import { datesOfDays } from '../../trips/request/trip-dates.js'
import { StatusMark } from './status-mark.js'
import type { TripJob } from './trip.js'
import { dayInWords } from './trip-words.js'

/** The days while they are worked out: which have their route, and which is being searched. */
export function DaysToCome({ trip: { progress, input } }: { trip: TripJob }): ReactElement {
  const dates = datesOfDays(input.dates)
  return (
    <ol className="card days-to-come">
      {dates.map((date, n) => {
        const day = n + 1
        const state = stateOfDay(progress, day, dates.length)
        return (
          <li className="day-to-come" key={day} data-state={state}>
            <StatusMark
              status={state === 'found' || state === 'written' ? 'completed' : 'running'}
              progress={100 * shareOfDay(progress, day, dates.length)}
            />
            <span className="day-to-come-name">Day {day}</span>
            {date !== null && <span className="day-to-come-date">{dayInWords(date)}</span>}
            <span className="day-to-come-state" key={state}>
              {words[state]}
            </span>
          </li>
        )
      })}
    </ol>
  )
}

const words: Readonly<Record<DayState, string>> = {
  to_come: '',
  searching: 'Finding the best route',
  found: 'Route found',
  written: 'Written down',
}
