import { simplify } from './simplify.mjs'

/** Steps of a degree in the derived files: 1/500° is 220 m, about what the sources are good for. */
export const stepsPerDegree = 500

/** Nobody plans a trip by road further south. */
const southernmost = -60
const toleranceDegrees = 0.004

/** The outlines of all land and of the inland seas in it: `[longitude, latitude]`, first point = last point. */
export function landRings({ transform, arcs, objects }) {
  const decoded = arcs.map((arc) => decodeArc(arc, transform))
  const geometries = objects.land.geometries ?? [objects.land]
  return geometries
    .flatMap(({ type, arcs: parts }) => (type === 'MultiPolygon' ? parts : [parts]))
    .flatMap((polygon) => polygon.map((ring) => joinArcs(ring, decoded)))
    .filter((ring) => ring.some(([, latitude]) => latitude > southernmost))
    .filter((ring) => !goesRoundTheWorld(ring))
}

export function encodeLand(rings) {
  return rings
    .map((ring) => asSteps(simplify(ring, toleranceDegrees)))
    .filter((ring) => ring.length >= 4)
    .map(asDeltas)
    .join('\n')
}

function decodeArc(arc, { scale, translate }) {
  let x = 0
  let y = 0
  return arc.map(([dx, dy]) => {
    x += dx
    y += dy
    return [x * scale[0] + translate[0], y * scale[1] + translate[1]]
  })
}

function joinArcs(indexes, arcs) {
  return indexes.flatMap((index, n) => {
    const points = index < 0 ? arcs[~index].toReversed() : arcs[index]
    return n === 0 ? points : points.slice(1)
  })
}

/** Small islands on the date line come as slivers from one edge of the map to the other. */
function goesRoundTheWorld(ring) {
  const longitudes = ring.map(([longitude]) => longitude)
  const width =
    longitudes.reduce((a, b) => Math.max(a, b)) - longitudes.reduce((a, b) => Math.min(a, b))
  return width > 300 && ring.length < 1000
}

function asSteps(ring) {
  const steps = ring.map((point) => point.map((degrees) => Math.round(degrees * stepsPerDegree)))
  return steps.filter(([x, y], n) => n === 0 || x !== steps[n - 1][0] || y !== steps[n - 1][1])
}

function asDeltas(ring) {
  return ring
    .map(([x, y], n) => (n === 0 ? `${x} ${y}` : `${x - ring[n - 1][0]} ${y - ring[n - 1][1]}`))
    .join(' ')
}
