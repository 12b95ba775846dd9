/** Whom to tell that there is news: once for all that has come by then. */
export interface Announced {
  announce(): void
}

const mostAtOnce = 500

/**
 * Tells those for whom there is news as soon as all that was read together has been handed out, and a few hundred in one
 * turn of the event loop, so that a change which everybody watches holds nothing else up.
 */
export function createAnnouncer(): (listener: Announced) => void {
  let waiting: Announced[] = []
  let isDue = false

  function announce(): void {
    const now = waiting.slice(0, mostAtOnce)
    waiting = waiting.slice(mostAtOnce)
    isDue = waiting.length > 0
    if (isDue) setImmediate(announce)
    for (const listener of now) listener.announce()
  }

  return (listener) => {
    waiting.push(listener)
    if (isDue) return
    isDue = true
    queueMicrotask(announce)
  }
}
