/** Douglas and Peucker: leave out what lies within `tolerance` degrees (of latitude) of the line that remains. */
export function simplify(ring, tolerance) {
  const keep = new Uint8Array(ring.length)
  keep[0] = 1
  keep[ring.length - 1] = 1
  // A closed ring has no line from its first point to its last: begin with the point farthest away.
  const middle = farthest(ring, 0, ring.length - 1).index
  keep[middle] = 1
  const open = [
    [0, middle],
    [middle, ring.length - 1],
  ]
  while (open.length > 0) {
    const [from, to] = open.pop()
    const { index, distance } = farthest(ring, from, to)
    if (distance <= tolerance) continue
    keep[index] = 1
    open.push([from, index], [index, to])
  }
  return ring.filter((_, n) => keep[n] === 1)
}

function farthest(ring, from, to) {
  let index = from
  let distance = 0
  for (let n = from + 1; n < to; n += 1) {
    const d = distanceToSegment(ring[n], ring[from], ring[to])
    if (d > distance) [index, distance] = [n, d]
  }
  return { index, distance }
}

/** In degrees of latitude, on the plane that touches the earth at the point. */
export function distanceToSegment([x, y], [ax, ay], [bx, by]) {
  const shrink = Math.cos((y * Math.PI) / 180)
  const [px, py] = [(x - ax) * shrink, y - ay]
  const [dx, dy] = [(bx - ax) * shrink, by - ay]
  const length = dx * dx + dy * dy
  const along = length === 0 ? 0 : Math.max(0, Math.min(1, (px * dx + py * dy) / length))
  return Math.hypot(px - along * dx, py - along * dy)
}
