import { createAskForJob, createNeededJobs } from './ask-for-job.js'
import { createConnection } from './connection.js'
import { createHttp } from './http.js'
import { createJobCalls, newJobId } from './job-calls.js'
import { createJobCreator } from './job-creator.js'
import { createJobStore } from './job-store.js'
import type { ClientOptions, LonghaulClient } from './longhaul-client.js'
import type { WebSocketConstructor } from './open-socket.js'
import { readStream } from './read-stream.js'
import { createScheduleCalls } from './schedules.js'
import { createStreamStore } from './stream-store.js'
import { createTabGroup } from './tab-group.js'
import type { TabSession } from './tabs/tab-link.js'
import { createViews } from './views.js'
import { platformWakeUps } from './wake-ups.js'
import { createWindowNames } from './window-names.js'

export function createClient(options: ClientOptions): LonghaulClient {
  const http = createHttp(options)
  const store = createJobStore({ onNeeded: (id) => fetchNeeded(id) })
  const streams = createStreamStore()
  const windowNames = createWindowNames()
  const tabs = tabSession(options)
  const connection = createConnection({
    http,
    store,
    streams,
    wakeUps: options.wakeUps ?? platformWakeUps(),
    WebSocket: socketOf(options),
    live: options.live ?? true,
    canStream: canStream(options),
    pollMs: options.pollMs,
    tabs: tabs === undefined ? undefined : { ...tabs, windowNames },
  })
  const ask = createAskForJob(http, store)
  const fetchNeeded = createNeededJobs(ask, store)
  const creator = createJobCreator({ store, ask })
  const views = createViews({ store, streams, connection, creator, windowNames })

  return {
    ...views,
    jobs: createJobCalls({ http, store, streams, ask, creator, connection }),
    schedules: createScheduleCalls(http),
    readStream: (id, { name, signal } = {}) => readStream(views.stream(id, name), signal),
    connection: {
      subscribe: connection.status.subscribe,
      getSnapshot: connection.status.getSnapshot,
      retryNow: connection.retryNow,
      preferPolling: connection.preferPolling,
    },
    tabs: createTabGroup(`longhaul ${options.url}`),
    newJobId,
    close: connection.close,
  }
}

function socketOf({ webSocket }: ClientOptions): WebSocketConstructor | undefined {
  if (webSocket === false) return undefined
  return webSocket ?? (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket
}

/**
 * A request for a stream would hang for ever where answers come only when they are complete, as React
 * Native's do: they have no `body`. A `fetch` of the app's own may be one that can.
 */
function canStream({ fetch }: ClientOptions): boolean {
  const { Response } = globalThis as { Response?: { readonly prototype: object } }
  return fetch !== undefined || Response === undefined || 'body' in Response.prototype
}

/** Web Locks are there on secure pages only, and neither they nor channels in React Native. */
function tabSession({ url, session, live = true }: ClientOptions): TabSession | undefined {
  const { navigator, BroadcastChannel } = globalThis as Partial<typeof globalThis>
  const locks = (navigator as Partial<Navigator> | undefined)?.locks
  if (typeof session !== 'string' || !locks || BroadcastChannel === undefined) return undefined
  // Tabs that were told not to stream are by themselves: a leader may be one that does.
  return live ? { name: `longhaul ${url} ${session}`, locks } : undefined
}
