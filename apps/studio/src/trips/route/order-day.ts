import type { Candidate } from '../places/choose-places.js'
import { driveMinutes, roadKm } from '../places/distance.js'
import type { Place } from '../places/place.js'
import { type Style, styles } from '../request/preferences.js'
import type { PlanLeg, PlanPlace, PlanRoute } from '../trip-plan.js'
import { findBestRoute, type FindBestRoute } from './find-best-route.js'
import type { RouteProblem, Stops } from './route.js'

export interface OrderDay extends Omit<FindBestRoute, 'problem'> {
  readonly destination: Place
  readonly candidates: readonly Candidate[]
  readonly style: Style
}

/** A place of worth 1 is worth this much driving: to Sintra one drives, past a suburb one does not. */
const minutesPerWorth = 150

/** The round of one day, with its times. */
export async function orderDay(options: OrderDay): Promise<PlanRoute> {
  const { destination, candidates, style, ...search } = options
  const problem = problemOf(destination, candidates, style)
  const { stops, compared } = await findBestRoute({ ...search, problem })
  return { ...timetable(options, stops), considered: candidates.length, compared }
}

export function problemOf(
  destination: Place,
  candidates: readonly Candidate[],
  style: Style,
): RouteProblem {
  const { hours, maxStops } = styles[style]
  const places = [destination, ...candidates]
  return {
    driveMinutes: places.map((from) => places.map((to) => driveMinutes(roadKm(from, to)))),
    visitMinutes: [0, ...candidates.map((candidate) => visitMinutes(candidate, style))],
    worthMinutes: [0, ...candidates.map(({ worth }) => worth * minutesPerWorth)],
    maxMinutes: hours * 60,
    maxStops,
  }
}

/** A village is seen sooner than a city. */
export function visitMinutes({ population }: Place, style: Style): number {
  const usual = population < 5000 ? 45 : population < 30_000 ? 60 : population < 150_000 ? 90 : 120
  return toFive(usual * styles[style].visitFactor)
}

/** A round with its times. */
export function timetable(
  { destination, candidates, style }: Pick<OrderDay, 'destination' | 'candidates' | 'style'>,
  stops: Stops,
): Omit<PlanRoute, 'considered' | 'compared'> {
  const visited = stops.map((stop) => candidates[stop - 1]!)
  const legs = visited.length === 0 ? [] : legsThrough([destination, ...visited, destination])
  let now: number = styles[style].startsAt
  const leave = clock(now)
  const timed = visited.map((candidate, n) => {
    now += legs[n]!.minutes
    const arrive = clock(now)
    now += visitMinutes(candidate, style)
    return { ...placeOf(candidate), arrive, visitMinutes: visitMinutes(candidate, style) }
  })
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0)
  return {
    leave,
    stops: timed,
    legs,
    return: clock(now + (legs.at(-1)?.minutes ?? 0)),
    km: sum(legs.map(({ km }) => km)),
    driveMinutes: sum(legs.map(({ minutes }) => minutes)),
    visitMinutes: sum(timed.map((stop) => stop.visitMinutes)),
  }
}

function legsThrough(places: readonly Place[]): PlanLeg[] {
  return places.slice(1).map((to, n) => {
    const from = places[n]!
    const km = roadKm(from, to)
    return {
      from: from.name,
      to: to.name,
      km: Math.max(1, Math.round(km)),
      minutes: Math.max(5, toFive(driveMinutes(km))),
      crossing: from.landmass !== to.landmass,
    }
  })
}

/** What the page may know of a place. */
export function placeOf(place: Place): PlanPlace {
  const { name, country, region, latitude, longitude, population, role, coastal } = place
  return { name, country, region, latitude, longitude, population, role, coastal }
}

function toFive(minutes: number): number {
  return Math.round(minutes / 5) * 5
}

function clock(minutes: number): string {
  const hour = Math.floor(minutes / 60) % 24
  return `${String(hour).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}
