/** The searches that run in this process, and the way to end one early with what it has found. */
export interface Searches {
  begin(jobId: string): { readonly enough: AbortSignal; readonly end: () => void }
  /**
   * The decision is stored by now, and this only spares the rest of the search: one that runs in
   * another process comes to the end of its time, and then finds the decision.
   */
  stop(jobId: string): void
}

export function createSearches(): Searches {
  const running = new Map<string, AbortController>()
  return {
    begin(jobId) {
      const controller = new AbortController()
      running.set(jobId, controller)
      return { enough: controller.signal, end: () => void running.delete(jobId) }
    },
    stop: (jobId) => running.get(jobId)?.abort(),
  }
}
