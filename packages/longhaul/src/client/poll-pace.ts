/** How often to poll: as often as the app wants it at most, or else as the server advises. */
export interface PollPace {
  advise(everyMs: number): void
  /** @returns a function that ends it */
  prefer(everyMs: number): () => void
  /** Absent: nobody has a preference. */
  preferredMs(): number | undefined
  everyMs(): number
}

export function createPollPace(pollMs: number | undefined): PollPace {
  const preferred = new Map(pollMs === undefined ? [] : [[{}, pollMs]])
  let advisedMs = 3000
  const preferredMs = (): number | undefined =>
    preferred.size === 0 ? undefined : Math.min(...preferred.values())
  return {
    advise(everyMs) {
      advisedMs = everyMs
    },
    prefer(everyMs) {
      const whose = {}
      preferred.set(whose, everyMs)
      return () => void preferred.delete(whose)
    },
    preferredMs,
    everyMs: () => preferredMs() ?? advisedMs,
  }
}
