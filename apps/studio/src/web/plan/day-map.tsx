import type { ReactElement } from 'react'
import type { PlanDay, TripPlan } from '../../trips/trip-plan.js'
import { list } from '../../trips/writing/phrases.js'
import { MapGround, MapScale } from './map-ground.js'
import { pathOf, project } from '../../trips/map/projection.js'
import { views } from '../../trips/map/views.js'
import { nearestTurn } from '../../trips/places/land.js'

export interface DayMapProps {
  readonly day: PlanDay
  readonly plan: TripPlan
}

const view = views.day

export function DayMap({ day, plan: { destination, map } }: DayMapProps): ReactElement {
  const projection = project([destination, ...day.stops], destination, view)
  const at = ({ longitude, latitude }: { longitude: number; latitude: number }) =>
    projection.at(nearestTurn(longitude, destination.longitude), latitude)
  const base = at(destination)
  const stops = day.stops.map(at)
  const names = list([destination.name, ...day.stops.map(({ name }) => name)])
  return (
    <svg
      className="map"
      viewBox={`0 0 ${view.width} ${view.height}`}
      role="img"
      aria-label={`Map of day ${day.number}: ${names}`}
    >
      <MapGround map={map} projection={projection} />
      <path className="map-route" d={`${pathOf([base, ...stops])}Z`} />
      <circle className="map-base" cx={base[0]} cy={base[1]} r="6" />
      {stops.map(([x, y], n) => (
        <g className="map-stop" key={day.stops[n]!.name} transform={`translate(${x} ${y})`}>
          <circle r="11" />
          <text y="4">{n + 1}</text>
        </g>
      ))}
      <MapScale projection={projection} />
    </svg>
  )
}
