import { defineJob, type JobContext, type JobDefinition } from 'longhaul'
import { attribution } from './attribution.js'
import { drawMap } from './map/draw-map.js'
import { at } from './milestones.js'
import { planDays } from './days/plan-days.js'
import { loadAtlas } from './places/atlas.js'
import { type Candidate, choosePlaces } from './places/choose-places.js'
import { findDestination } from './places/find-destination.js'
import type { Place } from './places/place.js'
import { placeLabel } from './places/place-label.js'
import { type Preferences, readPreferences } from './request/preferences.js'
import { datesOfDays } from './request/trip-dates.js'
import { tripRequest, type TripRequest } from './request/trip-request.js'
import { orderDay, placeOf } from './route/order-day.js'
import { createTurns } from './route/take-turns.js'
import { seededRandom } from './seeded-random.js'
import { type PlanDay, type PlanRoute, totalsOf, tripPlan } from './trip-plan.js'
import type { Writer } from './writing/writer.js'

export interface TripGenerationOptions {
  readonly writer: Writer
  /**
   * How long to search for the route of each day.
   *
   * @defaultValue 1250
   */
  readonly searchMs?: number
}

type TripJob = JobContext<TripRequest>

/** The trip job: real places around a real town, a good round for each day, and a text about it. */
export function createTripGeneration({
  writer,
  searchMs = 1250,
}: TripGenerationOptions): JobDefinition<
  'ai_trip_generation',
  typeof tripRequest,
  typeof tripPlan
> {
  const turn = createTurns()
  return defineJob('ai_trip_generation', {
    input: tripRequest,
    result: tripPlan,
    timeout: '10m',
    concurrency: { perTenant: 10 },
    async run(job) {
      const { input, step, progress } = job
      const dates = datesOfDays(input.dates)
      const preferences = readPreferences(input.preferences)

      progress(at.find, `Looking up ${input.destination}`)
      const { place: destination, namesakes } = await step('find destination', async () =>
        findDestination(await loadAtlas(), input.destination),
      )
      progress(at.choose, `Choosing places around ${destination.name}`)
      const choice = await step('choose places', async () =>
        choosePlaces(await loadAtlas(), destination, dates.length, preferences),
      )
      progress(at.plan, `Spreading ${choice.candidates.length} places over the days`)
      const groups = await step('plan days', () =>
        planDays(destination, choice.candidates, dates.length, seededRandom(destination.name)),
      )
      const candidates = groups.map((group) => group.map((n) => choice.candidates[n]!))
      const routes = await orderDays({ job, destination, candidates, preferences, searchMs, turn })
      const days = await writeDays({ job, destination, routes, dates, writer })
      progress(at.map, 'Drawing the map')
      const map = await step('draw map', async () =>
        drawMap(await loadAtlas(), destination, routes),
      )
      return {
        destination: placeOf(destination),
        namesakes: namesakes.map(placeLabel),
        preferences,
        radiusKm: choice.radiusKm,
        considered: choice.considered,
        days,
        totals: totalsOf(routes),
        map,
        writer: writer.about,
        attribution,
      }
    },
  })
}

interface OrderDays {
  readonly job: TripJob
  readonly destination: Place
  /** By day. */
  readonly candidates: readonly (readonly Candidate[])[]
  readonly preferences: Preferences
  readonly searchMs: number
  readonly turn: () => Promise<void>
}

async function orderDays(options: OrderDays): Promise<PlanRoute[]> {
  const { job, destination, candidates, preferences, searchMs, turn } = options
  const share = (at.write - at.order) / candidates.length
  const routes: PlanRoute[] = []
  for (const [n, ofDay] of candidates.entries()) {
    const stage = `Day ${n + 1} of ${candidates.length}: finding the best route`
    const route = await job.step(`order day ${n + 1}`, () =>
      orderDay({
        destination,
        candidates: ofDay,
        style: preferences.style,
        random: seededRandom(`${destination.name} ${n + 1}`),
        budgetMs: searchMs,
        signal: job.signal,
        turn,
        onProgress: (done) => job.progress(at.order + share * (n + done), stage),
      }),
    )
    routes.push(route)
  }
  return routes
}

interface WriteDays {
  readonly job: TripJob
  readonly destination: Place
  readonly routes: readonly PlanRoute[]
  readonly dates: readonly (string | null)[]
  readonly writer: Writer
}

async function writeDays({
  job,
  destination,
  routes,
  dates,
  writer,
}: WriteDays): Promise<PlanDay[]> {
  const share = (at.map - at.write) / routes.length
  const days: PlanDay[] = []
  for (const [n, route] of routes.entries()) {
    const number = n + 1
    job.progress(at.write + share * n, `Day ${number} of ${routes.length}: writing it down`)
    const facts = { ...route, number, days: routes.length, destination: placeOf(destination) }
    const text = await writer.writeDay(job, `write day ${number}`, facts)
    days.push({ ...route, number, date: dates[n] ?? null, text })
  }
  return days
}
