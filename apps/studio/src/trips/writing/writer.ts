import type { JobContext } from 'longhaul'
import type { WrittenBy } from '../../model/written-by.js'
import type { PlanPlace, PlanRoute } from '../trip-plan.js'

/** Everything that a text about a day may say. */
export interface DayFacts extends PlanRoute {
  readonly number: number
  readonly days: number
  readonly destination: PlanPlace
}

/** Writes the text of a day, as a step of the job. */
export interface Writer {
  readonly about: WrittenBy
  writeDay(
    job: Pick<JobContext<unknown>, 'step' | 'signal'>,
    stepName: string,
    facts: DayFacts,
  ): Promise<string>
}
