import { distanceToSegment } from './simplify.mjs'

const kmPerDegree = 111.2
const cellDegrees = 0.1
const bandDegrees = 0.25
const maxKm = 8

/** Answers for a point: how far the sea is, and on which landmass it lies. */
export function createCoast(rings) {
  const cells = new Map()
  const bands = new Map()
  rings.forEach((ring, landmass) => {
    for (let n = 1; n < ring.length; n += 1) {
      const segment = { from: ring[n - 1], to: ring[n], landmass }
      addTo(cells, cellsOf(segment), segment)
      addTo(bands, bandsOf(segment), segment)
    }
  })

  function near([x, y]) {
    const reach = Math.ceil(maxKm / kmPerDegree / cellDegrees / Math.cos((y * Math.PI) / 180))
    const found = []
    for (let dy = -1; dy <= 1; dy += 1) {
      for (let dx = -reach; dx <= reach; dx += 1) {
        const key = `${Math.floor(x / cellDegrees) + dx} ${Math.floor(y / cellDegrees) + dy}`
        found.push(...(cells.get(key) ?? []))
      }
    }
    return found
      .map((segment) => ({
        landmass: segment.landmass,
        km: distanceToSegment([x, y], segment.from, segment.to) * kmPerDegree,
      }))
      .reduce((best, each) => (each.km < best.km ? each : best), {
        km: Infinity,
        landmass: undefined,
      })
  }

  /** The smallest ring that holds the point. */
  function holding([x, y]) {
    const inside = new Set()
    for (const { from, to, landmass } of bands.get(Math.floor(y / bandDegrees)) ?? []) {
      if (from[1] > y === to[1] > y) continue
      const crossing = from[0] + ((y - from[1]) / (to[1] - from[1])) * (to[0] - from[0])
      if (crossing <= x) continue
      if (inside.has(landmass)) inside.delete(landmass)
      else inside.add(landmass)
    }
    return [...inside].sort((a, b) => rings[a].length - rings[b].length)[0]
  }

  return (point) => {
    const shore = near(point)
    // Piers and reclaimed land lie outside the outlines of a 1:10m map.
    return { km: shore.km, landmass: holding(point) ?? shore.landmass }
  }
}

function addTo(index, keys, segment) {
  for (const key of keys) {
    const list = index.get(key)
    if (list === undefined) index.set(key, [segment])
    else list.push(segment)
  }
}

function cellsOf({ from, to }) {
  const keys = []
  const [x0, x1] = order(from[0], to[0]).map((x) => Math.floor(x / cellDegrees))
  const [y0, y1] = order(from[1], to[1]).map((y) => Math.floor(y / cellDegrees))
  for (let x = x0; x <= x1; x += 1) for (let y = y0; y <= y1; y += 1) keys.push(`${x} ${y}`)
  return keys
}

function bandsOf({ from, to }) {
  const [y0, y1] = order(from[1], to[1]).map((y) => Math.floor(y / bandDegrees))
  return Array.from({ length: y1 - y0 + 1 }, (_, n) => y0 + n)
}

function order(a, b) {
  return a < b ? [a, b] : [b, a]
}
