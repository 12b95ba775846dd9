import type { TripPlan } from '../trip-plan.js'
import type { Figures } from './optimisation.js'

/** What the search has found so far, on the stream `best`. */
export interface Proposal extends Figures {
  /** The stops of each day, as numbers of the trip's stops, counted from 1 through all its days. */
  readonly days: readonly (readonly number[])[]
}

/** The trip, its stops in other days: enough for a map. */
export function arranged(plan: TripPlan, { days }: Pick<Proposal, 'days'>): TripPlan {
  const all = plan.days.flatMap(({ stops }) => stops)
  return {
    ...plan,
    days: plan.days.map((day, n) => ({
      ...day,
      stops: (days[n] ?? []).map((number) => all[number - 1]!),
    })),
  }
}

/** An optimisation carries the tag of its trip, and is found by it. */
export function tagOf(tripId: string): string {
  return `trip-${tripId}`
}
