import type { RouteProblem } from '../route/route.js'
import { type Arrangement, totalDriveMinutes } from './arrangement.js'
import { searchDays } from './search-days.js'

export interface FindBestArrangement {
  readonly problem: RouteProblem
  readonly start: Arrangement
  readonly random: () => number
  readonly budgetMs: number
  /** Stops the search with an error. */
  readonly signal: AbortSignal
  /** Ends it early, with what has been found. */
  readonly enough: AbortSignal
  /** Resolves when it is this search's turn. */
  readonly turn: () => Promise<void>
  readonly onProgress: (share: number) => void
  readonly onBetter: (best: Arrangement) => void
}

/** As long as the event loop may be held at once. */
const sliceMs = 4

/** The best arrangement that can be found in the time that there is; at worst the one that it began with. */
export async function findBestArrangement(options: FindBestArrangement): Promise<Arrangement> {
  const { problem, start, random, budgetMs, signal, enough, turn } = options
  const search = searchDays(problem, start, random)
  const begun = performance.now()
  let best = start
  for (;;) {
    await turn()
    signal.throwIfAborted()
    const sliceEnds = performance.now() + sliceMs
    let found = best
    do found = search.next().value
    while (performance.now() < sliceEnds)
    if (totalDriveMinutes(problem, found) < totalDriveMinutes(problem, best)) {
      best = found
      options.onBetter(best)
    }
    const share = (performance.now() - begun) / budgetMs
    options.onProgress(Math.min(1, share))
    if (share >= 1 || enough.aborted) return best
  }
}
