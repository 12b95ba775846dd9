/** The outline of a landmass, or of an inland sea: longitude and latitude in turn, the last point being the first again. */
export interface Ring {
  readonly points: Float64Array
  readonly west: number
  readonly south: number
  readonly east: number
  readonly north: number
}

const stepsPerDegree = 500
const ringsPerSlice = 200

/** Read the derived file: see scripts/derive/land.mjs. */
export async function parseLand(text: string, nextTurn: () => Promise<void>): Promise<Ring[]> {
  const rings: Ring[] = []
  for (const [n, line] of text.split('\n').entries()) {
    if (n % ringsPerSlice === ringsPerSlice - 1) await nextTurn()
    rings.push(parseRing(line))
  }
  return rings
}

function parseRing(line: string): Ring {
  const deltas = line.split(' ')
  const points = new Float64Array(deltas.length)
  let [east, north] = [0, 0]
  const box = { west: Infinity, south: Infinity, east: -Infinity, north: -Infinity }
  for (let n = 0; n < deltas.length; n += 2) {
    east += Number(deltas[n])
    north += Number(deltas[n + 1])
    const [longitude, latitude] = [east / stepsPerDegree, north / stepsPerDegree]
    points[n] = longitude
    points[n + 1] = latitude
    box.west = Math.min(box.west, longitude)
    box.east = Math.max(box.east, longitude)
    box.south = Math.min(box.south, latitude)
    box.north = Math.max(box.north, latitude)
  }
  return { points, ...box }
}

export interface Box {
  readonly west: number
  readonly south: number
  readonly east: number
  readonly north: number
}

/** The longitude as a map around another one counts it: east of the date line goes on after 180. */
export function nearestTurn(longitude: number, around: number): number {
  return longitude + 360 * Math.round((around - longitude) / 360)
}

/** The part of the land inside a box, as rings of rounded longitudes and latitudes in turn. */
export function landInside(rings: readonly Ring[], box: Box): number[][] {
  return [-360, 0, 360].flatMap((turn) =>
    rings
      .filter((ring) => overlaps(ring, box, turn))
      .map((ring) => clip(ring, box, turn))
      .filter((points) => points.length >= 6)
      .map((points) => points.map((degrees) => Math.round(degrees * 1000) / 1000)),
  )
}

function overlaps(ring: Ring, box: Box, turn: number): boolean {
  return (
    ring.west + turn < box.east &&
    ring.east + turn > box.west &&
    ring.south < box.north &&
    ring.north > box.south
  )
}

/** Sutherland and Hodgman: cut along one side after the other. */
function clip({ points }: Ring, box: Box, turn: number): number[] {
  let cut = Array.from(points, (degrees, n) => (n % 2 === 0 ? degrees + turn : degrees))
  cut = cutAlong(cut, 0, box.west, 1)
  cut = cutAlong(cut, 0, box.east, -1)
  cut = cutAlong(cut, 1, box.south, 1)
  return cutAlong(cut, 1, box.north, -1)
}

/** Keep what is on the `sign` side of `limit` on one axis (0 longitude, 1 latitude). */
function cutAlong(points: readonly number[], axis: 0 | 1, limit: number, sign: 1 | -1): number[] {
  const kept: number[] = []
  const count = points.length / 2
  for (let n = 0; n < count; n += 1) {
    const before = (n + count - 1) % count
    const [bx, by] = [points[before * 2]!, points[before * 2 + 1]!]
    const [x, y] = [points[n * 2]!, points[n * 2 + 1]!]
    const [was, is] = axis === 0 ? [bx, x] : [by, y]
    const wasInside = (was - limit) * sign >= 0
    const isInside = (is - limit) * sign >= 0
    if (wasInside !== isInside) {
      const along = (limit - was) / (is - was)
      kept.push(bx + (x - bx) * along, by + (y - by) * along)
    }
    if (isInside) kept.push(x, y)
  }
  return kept
}
