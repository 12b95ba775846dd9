import {
  defineJob,
  type JobContext,
  type JobDefinition,
  JobFailure,
  type Principal,
} from 'longhaul'
import { loadAtlas } from '../places/atlas.js'
import { createTurns } from '../route/take-turns.js'
import { seededRandom } from '../seeded-random.js'
import { type PlanDay, totalsOf, type TripPlan } from '../trip-plan.js'
import { duration } from '../writing/phrases.js'
import type { Writer } from '../writing/writer.js'
import type { Arrangement } from './arrangement.js'
import { findBestArrangement } from './find-best-arrangement.js'
import {
  decision,
  type Figures,
  optimisationRequest,
  type OptimisationRequest,
  optimisationResult,
} from './optimisation.js'
import type { Searches } from './searches.js'
import { type TimedRoute, type TripStops, tripStops } from './trip-stops.js'

export interface TripOptimisationOptions {
  readonly writer: Writer
  readonly searches: Searches
  /** The plan of a finished trip that the principal may see, or that an earlier search made of it. */
  readonly readPlan: (
    principal: Principal,
    request: Pick<OptimisationRequest, 'tripId' | 'from'>,
  ) => Promise<TripPlan | undefined>
}

type Optimisation = JobContext<OptimisationRequest>

/** Where the bar stands when each part of the work begins, in percent. */
const at = { search: 2, decision: 85 } as const

/** Arranges the stops of a trip anew, asks its traveller, and writes the days down again. */
export function createTripOptimisation(
  options: TripOptimisationOptions,
): JobDefinition<'ai_optimization', typeof optimisationRequest, typeof optimisationResult> {
  const turn = createTurns()
  return defineJob('ai_optimization', {
    input: optimisationRequest,
    result: optimisationResult,
    timeout: '10m',
    concurrency: { perTenant: 3 },
    async run(job) {
      const plan = await job.step('read the trip', () => readPlan(options, job))
      const { places } = await loadAtlas()
      const trip = tripStops(places, plan)
      const before = figuresOf(plan.totals)
      const days = await job.step('search', () => search(options, job, trip, turn))
      const routes = trip.routesOf(days)
      const after = figuresOf(totalsOf(routes))
      if (after.driveMinutes >= before.driveMinutes) {
        return { outcome: 'nothing_better', before, after: before, plan: null }
      }
      const saved = duration(before.driveMinutes - after.driveMinutes)
      job.progress(at.decision, `${saved} less driving: take it or leave it`)
      const said = await job.waitForSignal('decision', { timeout: '12h', schema: decision })
      if (said?.take !== true) return { outcome: 'dropped', before, after, plan: null }
      return { outcome: 'taken', before, after, plan: await writeAgain(options, job, plan, routes) }
    },
  })
}

async function readPlan(
  options: TripOptimisationOptions,
  { job: { tenantId, ownerId }, input }: Optimisation,
): Promise<TripPlan> {
  const plan = await options.readPlan({ tenantId, userId: ownerId, roles: [] }, input)
  if (plan !== undefined) return plan
  throw new JobFailure(
    'The trip is not there, or it has no plan yet, so there is nothing to arrange. Choose one that is finished.',
    { code: 'trip_not_found', retryable: false },
  )
}

async function search(
  { searches }: TripOptimisationOptions,
  { job: { id }, input, signal, stream, progress }: Optimisation,
  { problem, start, routesOf }: TripStops,
  turn: () => Promise<void>,
): Promise<Arrangement> {
  const { enough, end } = searches.begin(id)
  try {
    return await findBestArrangement({
      problem,
      start,
      random: seededRandom(id),
      budgetMs: input.seconds * 1000,
      signal,
      enough,
      turn,
      onProgress: (share) =>
        progress(at.search + share * (at.decision - at.search), 'Trying other days and orders'),
      onBetter: (days) => stream('best').write({ days, ...figuresOf(totalsOf(routesOf(days))) }),
    })
  } finally {
    end()
  }
}

/** Days that stay as they are keep their text. */
async function writeAgain(
  { writer }: TripOptimisationOptions,
  job: Optimisation,
  plan: TripPlan,
  routes: readonly TimedRoute[],
): Promise<TripPlan> {
  const share = (100 - at.decision) / routes.length
  const days: PlanDay[] = []
  for (const [n, route] of routes.entries()) {
    const before = plan.days[n]!
    const day = { ...before, ...route }
    job.progress(at.decision + share * n, `Writing day ${day.number} down again`)
    const facts = { ...day, days: routes.length, destination: plan.destination }
    const text =
      namesOf(day) === namesOf(before)
        ? before.text
        : await writer.writeDay(job, `write day ${day.number}`, facts)
    days.push({ ...day, text })
  }
  return { ...plan, days, totals: totalsOf(days) }
}

function namesOf({ stops }: PlanDay): string {
  return stops.map(({ name }) => name).join('\n')
}

function figuresOf({ km, driveMinutes }: TripPlan['totals']): Figures {
  return { km, driveMinutes }
}
