/**
 * When a job may give its worker back: when nothing of it is at work and what it waits for is not
 * about to come. While a step runs beside a wait, or a sleep is short, it waits in memory.
 */
export interface Rest {
  /** A step or a wait begins. @returns what to call when it has ended */
  workBegins(): () => void
  /** Within such work: rest until the time has come. */
  sleep(ms: number): Promise<void>
  /** Within such work: rest until something comes from outside, which the next attempt will see. Never resolves. */
  wait(mostMs: number | undefined): Promise<never>
  /** The handler, or its attempt, is over: nothing is suspended any more, and nothing wakes. */
  end(): void
}

/** How long a suspended job may be left alone at most; absent: until something comes from outside. */
export interface Suspension {
  readonly delayMs?: number
}

/** Suspending, and being claimed again, costs about as much as holding a place for this long. */
const worthSuspendingMs = 1000
/** The longest that a timer can wait; who waits longer has been suspended long before. */
const longestTimerMs = 2_147_483_647

/** `suspend` is called when the job is to be suspended. */
export function createRest(suspend: (how: Suspension) => void): Rest {
  let working = 0
  const sleeps = new Set<{ readonly dueAt: number; readonly timer: NodeJS.Timeout }>()
  const waits: number[] = []
  let ended = false
  let check: NodeJS.Immediate | undefined

  /** Not at once: the handler may go on to another step in this very turn. */
  function lookSoon(): void {
    if (ended) return
    check ??= setImmediate(() => {
      check = undefined
      if (working === 0 && sleeps.size + waits.length > 0) suspendIfWorthIt()
    })
  }

  function suspendIfWorthIt(): void {
    const now = performance.now()
    const wakesInMs = Math.min(...[...sleeps].map(({ dueAt }) => dueAt)) - now
    if (wakesInMs < worthSuspendingMs) return
    const delayMs = Math.max(0, Math.min(wakesInMs, Math.min(...waits) - now))
    suspend(Number.isFinite(delayMs) ? { delayMs } : {})
  }

  function pauses(): void {
    working -= 1
    lookSoon()
  }

  return {
    workBegins() {
      working += 1
      return pauses
    },
    sleep: (ms) =>
      new Promise<void>((resolve) => {
        if (ended) return
        const wake = (): void => {
          sleeps.delete(sleeping)
          working += 1
          resolve()
        }
        const timer = setTimeout(wake, Math.min(ms, longestTimerMs))
        const sleeping = { dueAt: performance.now() + ms, timer }
        sleeps.add(sleeping)
        pauses()
      }),
    wait(mostMs) {
      waits.push(performance.now() + (mostMs ?? Number.POSITIVE_INFINITY))
      pauses()
      return new Promise<never>(() => undefined)
    },
    end() {
      ended = true
      if (check !== undefined) clearImmediate(check)
      for (const { timer } of sleeps) clearTimeout(timer)
      sleeps.clear()
    },
  }
}
