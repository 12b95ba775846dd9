import { createSource, type Observable } from './observable.js'

export interface ConnectionStatus {
  /**
   * `idle`: nothing is watched. `polling`: connected, by asking again and again. `unauthorized`: the
   * server refused; sign in and call `retryNow`.
   */
  readonly state:
    | 'idle'
    | 'connecting'
    | 'live'
    | 'polling'
    | 'reconnecting'
    | 'offline'
    | 'unauthorized'
    | 'closed'
  readonly transport: 'websocket' | 'sse' | 'long-poll' | 'poll' | null
  /** When this state began, in milliseconds since 1970. */
  readonly since: number
  /** How often connecting has failed since it last worked. */
  readonly attempt: number
  readonly nextRetryAt: number | null
  readonly lastEventAt: number | null
  /** This tab holds the connection. False: another tab of the session does, and passes on what it hears. */
  readonly isLeader: boolean
  /** Why it is not live, or not by the best transport, in a sentence. */
  readonly reason: string | null
}

export interface ConnectionStatusSource extends Observable<ConnectionStatus> {
  set(changes: Partial<ConnectionStatus>): void
  /** Something came from the server. Not worth a render. */
  heard(): void
  sinceHeardMs(): number
}

export function connectionStatus(): ConnectionStatusSource {
  let lastEventAt: number | null = null
  const source = createSource<ConnectionStatus>({
    state: 'idle',
    transport: null,
    since: Date.now(),
    attempt: 0,
    nextRetryAt: null,
    lastEventAt,
    isLeader: true,
    reason: null,
  })
  return {
    subscribe: source.subscribe,
    getSnapshot: source.getSnapshot,
    heard() {
      lastEventAt = Date.now()
    },
    sinceHeardMs: () => Date.now() - (lastEventAt ?? 0),
    set(changes) {
      const before = source.getSnapshot()
      const isSame = Object.entries(changes).every(
        ([name, value]) => before[name as keyof ConnectionStatus] === value,
      )
      if (isSame) return
      const since =
        changes.state === undefined || changes.state === before.state ? before.since : Date.now()
      source.set({ ...before, lastEventAt, ...changes, since })
    },
  }
}
