export interface Position {
  readonly x: number
  readonly y: number
}

const rounds = 12
const restarts = 4

/**
 * Put points into groups of neighbours, none larger than `capacity`: k-means with a limit. Every point
 * is in exactly one group.
 *
 * @returns the indexes of the points, group by group
 */
export function groupByArea(
  points: readonly Position[],
  groups: number,
  capacity: number,
  random: () => number,
): number[][] {
  if (groups * capacity < points.length) {
    throw new RangeError(
      `${points.length} places do not fit into ${groups} days of ${capacity}: give them more room.`,
    )
  }
  if (points.length === 0) return Array.from({ length: groups }, () => [])
  let best: { readonly members: number[][]; readonly cost: number } | undefined
  for (let n = 0; n < restarts; n += 1) {
    const found = settle(points, spreadCentres(points, groups, random), capacity)
    if (best === undefined || found.cost < best.cost) best = found
  }
  return best!.members
}

/** Assign, move each centre into the middle of its points, and again, until nothing changes. */
function settle(
  points: readonly Position[],
  start: readonly Position[],
  capacity: number,
): { members: number[][]; cost: number } {
  let centres = start
  let members = assign(points, centres, capacity)
  for (let round = 0; round < rounds; round += 1) {
    centres = members.map((group, n) =>
      middle(
        group.map((point) => points[point]!),
        centres[n]!,
      ),
    )
    const next = assign(points, centres, capacity)
    const isSame = next.every((group, n) => group.join() === members[n]!.join())
    members = next
    if (isSame) break
  }
  const costs = members.flatMap((group, n) =>
    group.map((point) => squared(points[point]!, centres[n]!)),
  )
  return { members, cost: costs.reduce((sum, cost) => sum + cost, 0) }
}

/** The closest pairs first, as long as the group has room. */
function assign(
  points: readonly Position[],
  centres: readonly Position[],
  capacity: number,
): number[][] {
  const pairs = points.flatMap((point, n) =>
    centres.map((centre, group) => ({ point: n, group, distance: squared(point, centre) })),
  )
  pairs.sort((a, b) => a.distance - b.distance)
  const members: number[][] = centres.map(() => [])
  const placed = new Set<number>()
  for (const { point, group } of pairs) {
    if (placed.has(point) || members[group]!.length === capacity) continue
    members[group]!.push(point)
    placed.add(point)
  }
  return members.map((group) => group.sort((a, b) => a - b))
}

/** k-means++: each further centre is likely to be far from those that there are. */
function spreadCentres(
  points: readonly Position[],
  count: number,
  random: () => number,
): Position[] {
  const centres = [points[Math.floor(random() * points.length)]!]
  while (centres.length < count) {
    const weights = points.map((point) =>
      Math.min(...centres.map((centre) => squared(point, centre))),
    )
    let left = random() * weights.reduce((sum, weight) => sum + weight, 0)
    const next = weights.findIndex((weight) => (left -= weight) < 0)
    centres.push(points[Math.max(0, next)]!)
  }
  return centres
}

function middle(points: readonly Position[], otherwise: Position): Position {
  if (points.length === 0) return otherwise
  const sum = points.reduce((total, { x, y }) => ({ x: total.x + x, y: total.y + y }), {
    x: 0,
    y: 0,
  })
  return { x: sum.x / points.length, y: sum.y / points.length }
}

function squared(a: Position, b: Position): number {
  return (a.x - b.x) ** 2 + (a.y - b.y) ** 2
}
