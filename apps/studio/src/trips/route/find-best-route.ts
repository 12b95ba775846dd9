import type { RouteProblem, Stops } from './route.js'
import { searchRoutes } from './search-routes.js'

export interface FindBestRoute {
  readonly problem: RouteProblem
  readonly random: () => number
  /** How long to search. At least one slice is searched, however busy the process is. */
  readonly budgetMs: number
  readonly signal: AbortSignal
  /** Resolves when it is this search's turn. */
  readonly turn: () => Promise<void>
  /** From 0 to 1. */
  readonly onProgress?: (share: number) => void
}

export interface BestRoute {
  readonly stops: Stops
  /** How many rounds were tried and improved. */
  readonly compared: number
}

/** As long as the event loop may be held at once. */
const sliceMs = 4

/**
 * The best round that can be found in the time that there is.
 *
 * @throws the reason of `signal`, within a slice of its abort
 */
export async function findBestRoute(options: FindBestRoute): Promise<BestRoute> {
  const { problem, random, budgetMs, signal, turn, onProgress } = options
  signal.throwIfAborted()
  const candidates = problem.visitMinutes.length - 1
  if (candidates === 0) return { stops: [], compared: 0 }
  const search = searchRoutes(problem, random)
  const begun = performance.now()
  let stops: Stops = []
  let compared = 0
  for (;;) {
    await turn()
    signal.throwIfAborted()
    const sliceEnds = performance.now() + sliceMs
    do {
      stops = search.next().value
      compared += 1
    } while (performance.now() < sliceEnds)
    const share = (performance.now() - begun) / budgetMs
    onProgress?.(Math.min(1, share))
    if (share >= 1) return { stops, compared }
  }
}
