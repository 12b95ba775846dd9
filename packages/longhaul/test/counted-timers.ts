type Timer = ReturnType<typeof setTimeout>
type Start = (work: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) => Timer

export interface CountedTimers {
  /** Those that are still to go off. */
  readonly open: ReadonlySet<Timer>
  readonly setTimeout: Start
  readonly setInterval: Start
  readonly clearTimeout: (timer: Timer | undefined) => void
  readonly clearInterval: (timer: Timer | undefined) => void
}

/** The platform's timers, counted where `isCounted` says so at the call. */
export function countedTimers(isCounted: () => boolean = () => true): CountedTimers {
  const { setTimeout, setInterval, clearTimeout } = globalThis
  const open = new Set<Timer>()
  const clear = (timer: Timer | undefined): void => {
    if (timer !== undefined) open.delete(timer)
    clearTimeout(timer)
  }
  return {
    open,
    setTimeout(work, ms, ...args) {
      const timer = setTimeout(() => {
        open.delete(timer)
        work(...args)
      }, ms)
      if (isCounted()) open.add(timer)
      return timer
    },
    setInterval(work, ms, ...args) {
      const timer = setInterval(work, ms, ...args)
      if (isCounted()) open.add(timer)
      return timer
    },
    // Node.js clears either with either.
    clearTimeout: clear,
    clearInterval: clear,
  }
}
