import { defineJob, type Job } from 'longhaul'
import { tripRequest } from '../request/trip-request.js'
import { tripPlan } from '../trip-plan.js'
import { type Comparison, comparison, comparisonRequest } from './comparison.js'

/** A batch of trips: begins when each of them has been planned, or could not be. */
export const tripComparison = defineJob('ai_trip_comparison', {
  input: comparisonRequest,
  result: comparison,
  async run({ items }) {
    const trips: Comparison['trips'] = []
    const unplanned: Comparison['unplanned'] = []
    for await (const item of items.jobs()) {
      if (item.status === 'completed') trips.push(rowOf(item))
      else unplanned.push(whyNot(item))
    }
    return { trips: trips.sort((a, b) => effortOf(a) - effortOf(b)), unplanned }
  },
})

function rowOf({ id, result }: Job): Comparison['trips'][number] {
  const { destination, totals } = tripPlan.parse(result)
  return { id, name: destination.name, country: destination.country, ...totals }
}

function whyNot({ id, input, status, error }: Job): Comparison['unplanned'][number] {
  const why = status === 'failed' ? error.message : 'It was cancelled.'
  return { id, name: tripRequest.parse(input).destination, why }
}

function effortOf({ driveMinutes, stops }: Comparison['trips'][number]): number {
  return driveMinutes / Math.max(1, stops)
}
