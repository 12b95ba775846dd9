import type { Atlas } from '../places/atlas.js'
import { type Box, landInside } from '../places/land.js'
import type { Place } from '../places/place.js'
import type { PlanRoute, TripPlan } from '../trip-plan.js'
import { project } from './projection.js'
import { views } from './views.js'

/** The land that the pictures of a trip show. */
export function drawMap(
  { land }: Pick<Atlas, 'land'>,
  destination: Place,
  routes: readonly Pick<PlanRoute, 'stops'>[],
): TripPlan['map'] {
  const everything = [destination, ...routes.flatMap(({ stops }) => stops)]
  const pictures = [
    project(everything, destination, views.overview),
    project(everything, destination, views.overviewOnPhone),
    ...routes.map(({ stops }) => project([destination, ...stops], destination, views.day)),
  ]
  const box = boxOfAll(pictures.map((picture) => picture.box))
  return { ...box, land: landInside(land, box) }
}

function boxOfAll(boxes: readonly Box[]): Box {
  return {
    west: Math.min(...boxes.map(({ west }) => west)),
    south: Math.min(...boxes.map(({ south }) => south)),
    east: Math.max(...boxes.map(({ east }) => east)),
    north: Math.max(...boxes.map(({ north }) => north)),
  }
}
