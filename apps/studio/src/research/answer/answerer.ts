import type { JobContext } from 'longhaul'
import type { WrittenBy } from '../../model/written-by.js'
import type { FoundNote } from '../library.js'

export interface AnswerFacts {
  readonly question: string
  /** At least one. The answer cites the first of them as `[1]`. */
  readonly notes: readonly FoundNote[]
}

/** Answers a question from notes, as a step of the job, and shows the answer while it is written. */
export interface Answerer {
  readonly about: WrittenBy
  writeAnswer(
    job: Pick<JobContext<unknown>, 'step' | 'signal' | 'stream'>,
    stepName: string,
    facts: AnswerFacts,
  ): Promise<string>
}
