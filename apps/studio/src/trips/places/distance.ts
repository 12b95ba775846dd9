/** A point on the earth, in degrees. */
export interface Point {
  readonly latitude: number
  readonly longitude: number
}

const earthKm = 6371
const radians = Math.PI / 180

/** As the crow flies (haversine). */
export function distanceKm(a: Point, b: Point): number {
  const north = Math.sin(((b.latitude - a.latitude) * radians) / 2)
  const east = Math.sin(((b.longitude - a.longitude) * radians) / 2)
  const h =
    north * north + Math.cos(a.latitude * radians) * Math.cos(b.latitude * radians) * east * east
  return 2 * earthKm * Math.asin(Math.min(1, Math.sqrt(h)))
}

/** East and north of `origin` in kilometres, on a plane: right to a percent over the range of a trip. */
export function planeKm(origin: Point, point: Point): { readonly x: number; readonly y: number } {
  const east = ((point.longitude - origin.longitude + 540) % 360) - 180
  return {
    x: east * radians * earthKm * Math.cos(origin.latitude * radians),
    y: (point.latitude - origin.latitude) * radians * earthKm,
  }
}

const eight = [
  'north',
  'north-east',
  'east',
  'south-east',
  'south',
  'south-west',
  'west',
  'north-west',
] as const

/** Which way `point` lies, seen from `origin`. */
export function direction(origin: Point, point: Point): (typeof eight)[number] {
  const { x, y } = planeKm(origin, point)
  const eighths = Math.round(Math.atan2(x, y) / (Math.PI / 4))
  return eight[(eighths + 8) % 8]!
}

/** Roads are longer than the line through the air: by about three tenths in most of the world. */
export const roadFactor = 1.3

export function roadKm(a: Point, b: Point): number {
  return distanceKm(a, b) * roadFactor
}

/** Short ways go through towns at 35 km/h on average, ways of an hour and more at 75. */
export function driveMinutes(km: number): number {
  return (km / (35 + 40 * Math.min(1, km / 60))) * 60
}
