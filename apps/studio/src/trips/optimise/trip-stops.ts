import { JobFailure } from 'longhaul'
import type { Place } from '../places/place.js'
import type { PlaceTable } from '../places/place-table.js'
import { problemOf, timetable } from '../route/order-day.js'
import type { RouteProblem } from '../route/route.js'
import type { PlanPlace, TripPlan } from '../trip-plan.js'
import type { Arrangement } from './arrangement.js'

export type TimedRoute = ReturnType<typeof timetable>

/** A trip as the search sees it: stops by number, counted from 1 through all days. */
export interface TripStops {
  readonly problem: RouteProblem
  readonly start: Arrangement
  /** An arrangement with its times. */
  routesOf(days: Arrangement): TimedRoute[]
}

export function tripStops(places: PlaceTable, plan: TripPlan): TripStops {
  const { style } = plan.preferences
  const destination = findAgain(places, plan.destination)
  const stops = plan.days.flatMap((day) => day.stops.map((stop) => findAgain(places, stop)))
  // All of them are visited, so what they are worth does not matter.
  const candidates = stops.map((stop) => ({ ...stop, km: 0, worth: 0, crossing: false }))
  let next = 1
  return {
    problem: problemOf(destination, candidates, style),
    start: plan.days.map((day) => day.stops.map(() => next++)),
    routesOf: (days) => days.map((day) => timetable({ destination, candidates, style }, day)),
  }
}

/** A plan holds of a place what its page shows; a timetable needs all of it. */
function findAgain(
  { size, names, latitudes, longitudes, at }: PlaceTable,
  { name, latitude, longitude }: PlanPlace,
): Place {
  for (let n = 0; n < size; n += 1) {
    if (latitudes[n] === latitude && longitudes[n] === longitude && names[n] === name) return at(n)
  }
  throw new JobFailure(
    `${name} is not in the place data any more, so the trip cannot be arranged anew. Plan it again first.`,
    { code: 'place_not_found', retryable: false },
  )
}
