/** The tab that holds the connection of its session, and passes on to each other tab what that one watches. */
import { limits } from '../../core/index.js'
import type { Watch } from '../../protocol/index.js'
import type { ConnectionStatusSource } from '../connection-status.js'
import type { JobStore } from '../job-store.js'
import type { Link } from '../link.js'
import type { PollPace } from '../poll-pace.js'
import type { StreamStore } from '../stream-store.js'
import { keyOf, type WatchSet } from '../watch-set.js'
import type { WindowNames } from '../window-names.js'
import type { Mail, TabMessage } from './mail.js'
import { createServedTab, type ServedTab } from './served-tab.js'

export interface Leader {
  take(from: string, message: TabMessage): void
  close(): void
}

export interface LeaderOptions {
  readonly mail: Mail
  readonly link: Link
  readonly store: JobStore
  readonly streams: StreamStore
  readonly watches: WatchSet
  readonly status: ConnectionStatusSource
  readonly pace: PollPace
  readonly windowNames: WindowNames
}

interface Follower {
  readonly tab: ServedTab
  heardAt: number
  endPreference: (() => void) | undefined
  /** It has asked to try again what was refused, and is not answered yet. */
  hasAskedAgain: boolean
}

/** A hidden tab's timers run once a minute; one that was silent for longer has crashed or is frozen. */
const silenceMs = 150_000
const sweepMs = 30_000

export function createLeader(options: LeaderOptions): Leader {
  const { mail, link, watches, status, pace } = options
  const followers = new Map<string, Follower>()

  function find(name: string): Follower {
    const known = followers.get(name)
    if (known !== undefined) return known
    const tab = createServedTab({
      ...options,
      tell: (epoch, frames) => mail.to(name, { type: 'news', epoch, frames }),
    })
    const follower: Follower = { tab, heardAt: 0, endPreference: undefined, hasAskedAgain: false }
    followers.set(name, follower)
    return follower
  }

  function drop(name: string): void {
    const follower = followers.get(name)
    followers.delete(name)
    follower?.endPreference?.()
    follower?.tab.close()
    mail.forget(name)
  }

  function hasRoomFor(others: readonly Watch[]): boolean {
    const all = [...new Set([...watches.keys(), ...others.map(keyOf)])]
    const streamCount = all.filter((key) => key.startsWith('stream ')).length
    // This tab itself may come to watch more, and it cannot be told to go elsewhere.
    return (
      all.length <= limits.watchesPerConnection / 2 &&
      streamCount <= limits.streamsPerConnection / 2
    )
  }

  function sendAway(name: string): void {
    mail.to(name, { type: 'full' })
    drop(name)
  }

  function tellStatus(name: string): void {
    const now = status.getSnapshot()
    const follower = followers.get(name)
    // By this tab's token it is refused again. The other one's may be better.
    if (now.state === 'unauthorized' && follower?.hasAskedAgain) return sendAway(name)
    if (follower && (now.state === 'live' || now.state === 'polling'))
      follower.hasAskedAgain = false
    // Between two of its states: what comes next is worth telling.
    if (now.state !== 'idle') mail.to(name, { type: 'status', status: now })
  }

  function serve(from: string, { request, pollMs }: TabMessage & { type: 'watch' }): void {
    if (!hasRoomFor(request.watches)) return sendAway(from)
    const follower = find(from)
    follower.heardAt = Date.now()
    follower.endPreference?.()
    follower.endPreference = pollMs === undefined ? undefined : pace.prefer(pollMs)
    follower.tab.watch(request)
    tellStatus(from)
  }

  const stopStatus = status.subscribe(() => {
    for (const name of followers.keys()) tellStatus(name)
  })
  const sweep = setInterval(() => {
    for (const [name, { heardAt }] of followers) if (Date.now() - heardAt > silenceMs) drop(name)
  }, sweepMs)
  mail.toAll({ type: 'leading' })

  function answer(from: string, message: TabMessage): void {
    const follower = followers.get(from)
    if (follower !== undefined) follower.heardAt = Date.now()
    switch (message.type) {
      case 'seeking':
        return mail.to(from, { type: 'leading' })
      case 'watch':
        return serve(from, message)
      case 'ping':
        return mail.to(from, { type: follower === undefined ? 'lost' : 'pong' })
      case 'retry':
        if (follower !== undefined)
          follower.hasAskedAgain = status.getSnapshot().state === 'unauthorized'
        return link.retryNow()
      case 'leave':
        return drop(from)
      default:
        return // what another leader says to its tabs
    }
  }

  return {
    take(from, message) {
      answer(from, message)
      // Whoever is told where the leader is may never come.
      if (!followers.has(from)) mail.forget(from)
    },
    close() {
      clearInterval(sweep)
      stopStatus()
      for (const name of followers.keys()) drop(name)
    },
  }
}
