import type { Point } from '../places/distance.js'
import { type Box, nearestTurn } from '../places/land.js'

/** From degrees to the pixels of a picture. */
export interface Projection {
  readonly width: number
  readonly height: number
  readonly kmPerPixel: number
  /** What the picture shows and a little more, so that the cut edges of the land are not seen. */
  readonly box: Box
  at(longitude: number, latitude: number): readonly [number, number]
}

export interface View {
  readonly width: number
  readonly height: number
  /** Pixels between the points and the edge. */
  readonly margin: number
  /** A picture shows at least this much, so that two near places do not look far apart. */
  readonly minKm: number
}

const kmPerDegree = 111.2
const bleedPixels = 4

/** A picture of all the points, as large as they fit. North is up. */
export function project(points: readonly Point[], around: Point, view: View): Projection {
  const { width, height, margin, minKm } = view
  const shrink = Math.cos((around.latitude * Math.PI) / 180)
  const xs = points.map(({ longitude }) => nearestTurn(longitude, around.longitude) * shrink)
  const ys = points.map(({ latitude }) => latitude)
  const middle = { x: mid(xs), y: mid(ys) }
  const least = minKm / kmPerDegree
  const degreesPerPixel = Math.max(
    Math.max(spread(xs), least) / (width - 2 * margin),
    Math.max(spread(ys), (least * height) / width) / (height - 2 * margin),
  )
  const reach = {
    x: (width / 2 + bleedPixels) * degreesPerPixel,
    y: (height / 2 + bleedPixels) * degreesPerPixel,
  }
  return {
    width,
    height,
    kmPerPixel: degreesPerPixel * kmPerDegree,
    box: {
      west: (middle.x - reach.x) / shrink,
      south: middle.y - reach.y,
      east: (middle.x + reach.x) / shrink,
      north: middle.y + reach.y,
    },
    at: (longitude, latitude) => [
      width / 2 + (longitude * shrink - middle.x) / degreesPerPixel,
      height / 2 - (latitude - middle.y) / degreesPerPixel,
    ],
  }
}

function mid(numbers: readonly number[]): number {
  return (Math.min(...numbers) + Math.max(...numbers)) / 2
}

function spread(numbers: readonly number[]): number {
  return Math.max(...numbers) - Math.min(...numbers)
}

/** The way through points, for an SVG path. */
export function pathOf(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y], n) => `${n === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('')
}
