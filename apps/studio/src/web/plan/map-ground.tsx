import type { ReactElement } from 'react'
import type { TripPlan } from '../../trips/trip-plan.js'
import { pathOf, type Projection } from '../../trips/map/projection.js'

/** Land and water. */
export function MapGround({
  map,
  projection,
}: {
  map: TripPlan['map']
  projection: Projection
}): ReactElement {
  const { width, height } = projection
  const rings = map.land.map((ring) => {
    const points = Array.from({ length: ring.length / 2 }, (_, n) =>
      projection.at(ring[n * 2]!, ring[n * 2 + 1]!),
    )
    return `${pathOf(points)}Z`
  })
  return (
    <>
      <rect className="map-water" width={width} height={height} />
      <path className="map-land" fillRule="evenodd" d={rings.join('')} />
    </>
  )
}

const lengths = [1, 2, 5, 10, 20, 50, 100, 200]

/** How long some round number of kilometres is. */
export function MapScale({ projection }: { projection: Projection }): ReactElement {
  const { width, height, kmPerPixel } = projection
  const km = lengths.findLast((each) => each / kmPerPixel < width / 4) ?? 1
  const pixels = km / kmPerPixel
  return (
    <g className="map-scale" transform={`translate(${width - 12 - pixels} ${height - 12})`}>
      <path d={`M0 -4V0H${pixels.toFixed(1)}V-4`} />
      <text x={pixels / 2} y="-7">
        {km} km
      </text>
    </g>
  )
}
