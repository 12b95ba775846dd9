import type { Atlas } from './places/atlas.js'
import { boxAround, landInside } from './places/land.js'
import type { Place } from './places/place.js'
import type { PlanRoute, TripPlan } from './trip-plan.js'

/** The land around everything that the trip visits. */
export function drawMap(
  { land }: Atlas,
  destination: Place,
  routes: readonly PlanRoute[],
): TripPlan['map'] {
  const box = boxAround(
    destination,
    routes.flatMap(({ stops }) => stops),
  )
  return { ...box, land: landInside(land, box) }
}
