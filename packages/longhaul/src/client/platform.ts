import type { ClientOptions } from './longhaul-client.js'
import type { WebSocketConstructor } from './open-socket.js'
import type { TabSession } from './tabs/tab-link.js'
import { defaultTimings, type Timings } from './timings.js'
import { platformWakeUps, type WakeUps } from './wake-ups.js'

/** What a client takes from where it runs. */
export interface Platform {
  readonly wakeUps: WakeUps
  /** Absent: there are none, or the app does not want them. */
  readonly WebSocket?: WebSocketConstructor | undefined
  /** With whom to share one connection. Absent: with nobody. */
  readonly tabs?: TabSession | undefined
  /** False: its answers come only when they are complete, as React Native's do. */
  readonly canStream: boolean
  readonly timings: Timings
}

export function platformOf(options: ClientOptions): Platform {
  return {
    wakeUps: options.wakeUps ?? platformWakeUps(),
    WebSocket: socketOf(options),
    tabs: tabSession(options),
    canStream: canStream(options),
    timings: defaultTimings,
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
  return live ? { name: `longhaul ${url} ${session}`, locks, BroadcastChannel } : undefined
}
