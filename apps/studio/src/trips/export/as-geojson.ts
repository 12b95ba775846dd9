import type { PlanPlace, TripPlan } from '../trip-plan.js'

/** The rounds as lines and the stops as points (RFC 7946). */
export function asGeoJson({ destination, days }: TripPlan): string {
  const features = days.flatMap(({ number, date, km, stops }) => [
    {
      type: 'Feature',
      geometry: {
        type: 'LineString',
        coordinates: [destination, ...stops, destination].map(positionOf),
      },
      properties: { day: number, date, km },
    },
    ...stops.map((stop) => ({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: positionOf(stop) },
      properties: { name: stop.name, day: number, arrive: stop.arrive },
    })),
  ])
  return `${JSON.stringify({ type: 'FeatureCollection', features }, null, 2)}\n`
}

function positionOf({ longitude, latitude }: PlanPlace): [number, number] {
  return [longitude, latitude]
}
