import type { Candidate } from '../places/choose-places.js'
import { planeKm, type Point } from '../places/distance.js'
import { groupByArea } from './group-by-area.js'

/** Fewer candidates than this are no day of their own. */
const fewestPerDay = 3

/**
 * Which candidates belong to which day: one area for each. The first and the last day stay closest to
 * the destination, because one arrives and leaves then. Days for which there is nothing stay empty.
 *
 * @returns for each day the indexes of its candidates
 */
export function planDays(
  destination: Point,
  candidates: readonly Candidate[],
  days: number,
  random: () => number,
): number[][] {
  const filled = Math.min(days, Math.max(1, Math.floor(candidates.length / fewestPerDay)))
  const positions = candidates.map((candidate) => planeKm(destination, candidate))
  const capacity = Math.ceil(candidates.length / filled)
  const groups = groupByArea(positions, filled, capacity, random)
  const byDistance = groups
    .map((group) => ({ group, km: mean(group.map((n) => candidates[n]!.km)) }))
    .sort((a, b) => a.km - b.km)
    .map(({ group }) => group)
  const [nearest = [], secondNearest, ...others] = byDistance
  const ordered = secondNearest === undefined ? [nearest] : [nearest, ...others, secondNearest]
  return [...ordered, ...Array.from({ length: days - filled }, () => [])]
}

function mean(numbers: readonly number[]): number {
  return numbers.length === 0 ? 0 : numbers.reduce((sum, each) => sum + each, 0) / numbers.length
}
