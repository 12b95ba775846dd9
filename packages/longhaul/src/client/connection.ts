/**
 * What the app watches, and what brings the news of it: a line of this tab's own, or one that the
 * tabs of a session share. Components cannot tell which.
 */
import type { Watch } from '../protocol/index.js'
import { connectionStatus, type ConnectionStatus } from './connection-status.js'
import { createKnowledge } from './knowledge.js'
import type { Link } from './link.js'
import type { Observable } from './observable.js'
import { createPollPace } from './poll-pace.js'
import { createServerLink, type ServerLinkOptions } from './server-link.js'
import type { StreamStore } from './stream-store.js'
import { createLoadedLink } from './loaded-link.js'
import type { Platform } from './platform.js'
import type { TabSession } from './tabs/tab-link.js'
import { createWatchSet } from './watch-set.js'
import type { WindowNames } from './window-names.js'

export interface ConnectionOptions extends Pick<ServerLinkOptions, 'http' | 'store' | 'live'> {
  readonly platform: Platform
  readonly streams: StreamStore
  readonly windowNames: WindowNames
  /** How often to poll. Absent: as the server advises. */
  readonly pollMs?: number | undefined
}

export interface Connection {
  /** @returns a function that ends it */
  watch(watch: Watch): () => void
  readonly status: Observable<ConnectionStatus>
  /** Say again what is watched and known: there is doubt about what was heard. */
  askAgain(): void
  /** Poll at least this often while polling. @returns a function that ends it */
  preferPolling(everyMs: number): () => void
  /** Try again now, and stream again if that had been given up. */
  retryNow(): void
  close(): void
}

export function createConnection(options: ConnectionOptions): Connection {
  const { store, streams, platform, pollMs } = options
  const { tabs } = platform
  const status = connectionStatus()
  const pace = createPollPace(pollMs)
  const knowledge = createKnowledge(store, streams)
  const watches = createWatchSet({ store, streams, onChange: (change) => link.changed(change) })
  const parts = { ...options, ...platform, watches, knowledge, status, pace }
  const ownLine = (): Link => createServerLink(parts)
  const link =
    tabs === undefined ? ownLine() : createLoadedLink({ watches, load: () => loadTabLink(tabs) })

  /** What most pages do not need comes when it is needed. A page that cannot have it has its own line. */
  async function loadTabLink(session: TabSession): Promise<Link> {
    const module = await import('./tabs/tab-link.js').catch(() => undefined)
    return module?.createTabLink({ ...parts, ...session, ownLine }) ?? ownLine()
  }

  return {
    watch: watches.add,
    status,
    askAgain() {
      if (!watches.isEmpty()) link.changed('added')
    },
    retryNow: link.retryNow,
    preferPolling: pace.prefer,
    close() {
      link.close()
      status.set({ state: 'closed', transport: null })
    },
  }
}
