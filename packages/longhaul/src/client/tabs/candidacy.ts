/** A tab's way to lead: the Web Lock of its session, which one tab at a time holds and the browser takes from the dead. */
export interface Candidacy {
  /** Wait for the lock. */
  stand(): void
  /** Take it from whoever holds it and does not answer. */
  seize(): void
  resign(): void
}

export interface CandidacyOptions {
  readonly locks: Pick<LockManager, 'request'>
  readonly name: string
  onElected(): void
  /** Another tab took the lock: this one was silent for too long. */
  onDeposed(): void
  /** The browser gives no locks here. */
  onUnavailable(): void
}

export function createCandidacy(options: CandidacyOptions): Candidacy {
  const { locks, name, onElected, onDeposed, onUnavailable } = options
  let current: AbortController | undefined

  function ask(steal: boolean): void {
    current?.abort()
    const own = new AbortController()
    current = own
    let elected = false
    async function hold(): Promise<void> {
      if (own.signal.aborted) return
      elected = true
      onElected()
      await new Promise((resign) => own.signal.addEventListener('abort', resign))
    }
    // A lock is stolen at once, so there is nothing that a signal could end.
    locks.request(name, steal ? { steal } : { signal: own.signal }, hold).catch(() => {
      if (own.signal.aborted) return
      if (elected) onDeposed()
      else onUnavailable()
    })
  }

  return {
    stand: () => ask(false),
    seize: () => ask(true),
    resign() {
      current?.abort()
      current = undefined
    },
  }
}
