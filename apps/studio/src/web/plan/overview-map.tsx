import type { ReactElement } from 'react'
import type { TripPlan } from '../../trips/trip-plan.js'
import { countOf } from '../trips/trip-words.js'
import { MapGround, MapScale } from './map-ground.js'
import { pathOf, project, type View } from '../../trips/map/projection.js'
import { views } from '../../trips/map/views.js'
import { nearestTurn } from '../../trips/places/land.js'

/** All rounds of the trip around the town where they begin. */
export function OverviewMap({ plan }: { plan: TripPlan }): ReactElement {
  return (
    <>
      <Picture plan={plan} view={views.overview} className="map-wide" />
      <Picture plan={plan} view={views.overviewOnPhone} className="map-narrow" />
    </>
  )
}

interface PictureProps {
  readonly plan: TripPlan
  readonly view: View
  /** Of the two pictures only the one is shown that suits the screen. */
  readonly className: string
}

function Picture({ plan, view, className }: PictureProps): ReactElement {
  const { destination, days, map } = plan
  const all = [destination, ...days.flatMap(({ stops }) => stops)]
  const projection = project(all, destination, view)
  const at = ({ longitude, latitude }: { longitude: number; latitude: number }) =>
    projection.at(nearestTurn(longitude, destination.longitude), latitude)
  const base = at(destination)
  return (
    <svg
      className={`map map-overview ${className}`}
      viewBox={`0 0 ${view.width} ${view.height}`}
      role="img"
      aria-label={`Map of the trip: ${countOf(days.length, 'round')} from ${destination.name}`}
    >
      <MapGround map={map} projection={projection} />
      {days.map(({ number, stops }) => (
        <g key={number}>
          <path className="map-route" d={`${pathOf([base, ...stops.map(at)])}Z`} />
          {stops.map((stop) => {
            const [x, y] = at(stop)
            return <circle className="map-dot" key={stop.name} cx={x} cy={y} r="3.5" />
          })}
        </g>
      ))}
      <circle className="map-base" cx={base[0]} cy={base[1]} r="6" />
      <text className="map-name" x={base[0]} y={base[1] - 13}>
        {destination.name}
      </text>
      <MapScale projection={projection} />
    </svg>
  )
}
