/**
 * One connection for all tabs of a session. One tab leads: it holds the session's lock and the
 * connection. The others follow: the leader watches what they watch, and tells each what is new to
 * it. When the leader is closed, frozen or crashes, another tab takes over with what it knows, so
 * that nothing is missed, as after any lost connection. A tab takes part while it watches something.
 */
import type { ConnectionStatusSource } from '../connection-status.js'
import type { JobStore } from '../job-store.js'
import type { Knowledge } from '../knowledge.js'
import type { Link, WatchChange } from '../link.js'
import type { PollPace } from '../poll-pace.js'
import type { StreamStore } from '../stream-store.js'
import type { WakeUps } from '../wake-ups.js'
import type { WatchSet } from '../watch-set.js'
import type { WindowNames } from '../window-names.js'
import { createCandidacy } from './candidacy.js'
import { createFollower, type Follower } from './follower.js'
import { createLeader, type Leader } from './leader.js'
import { createMail, type Mail } from './mail.js'
import { onAwayAndBack } from './page-lifecycle.js'

export interface TabSession {
  /** Of the app and whoever is signed in: tabs with the same name share their connection. */
  readonly name: string
  readonly locks: Pick<LockManager, 'request'>
  readonly BroadcastChannel: typeof BroadcastChannel
}

export interface TabLinkOptions extends TabSession {
  readonly store: JobStore
  readonly streams: StreamStore
  readonly knowledge: Knowledge
  readonly watches: WatchSet
  readonly status: ConnectionStatusSource
  readonly pace: PollPace
  readonly wakeUps: WakeUps
  readonly windowNames: WindowNames
  /** A connection of this tab's own to the server. */
  ownLine(): Link
}

type Role =
  | { readonly name: 'absent' }
  | { readonly name: 'follower'; readonly follower: Follower }
  | { readonly name: 'leader'; readonly leader: Leader; readonly link: Link }
  /** There are no locks, or the leader has no room. */
  | { readonly name: 'alone'; readonly link: Link }

export function createTabLink(options: TabLinkOptions): Link {
  const { name, locks, watches, status, ownLine } = options
  const tab = crypto.randomUUID()
  const candidacy = createCandidacy({
    locks,
    name,
    onElected: lead,
    onDeposed: follow,
    onUnavailable: goAlone,
  })
  let role: Role = { name: 'absent' }
  let mail: Mail | undefined
  let stopListening: (() => void) | undefined
  let closed = false

  function become(next: Role): void {
    const before = role
    role = next
    if ('follower' in before) before.follower.close()
    if ('leader' in before) before.leader.close()
    if ('link' in before) before.link.close()
  }

  function openMail(): Mail {
    mail ??= createMail({
      BroadcastChannel: options.BroadcastChannel,
      name,
      tab,
      onMessage(from, message) {
        if ('leader' in role) role.leader.take(from, message)
        else if ('follower' in role) role.follower.take(from, message)
        const isMistaken = message.type === 'watch' || message.type === 'ping'
        if (!isMistaken || 'leader' in role) return
        mail?.to(from, { type: 'lost' })
        mail?.forget(from)
      },
    })
    return mail
  }

  function follow(): void {
    become({
      name: 'follower',
      follower: createFollower({
        ...options,
        mail: openMail(),
        onSilence: candidacy.seize,
        onFull: goAlone,
      }),
    })
    candidacy.stand()
  }

  function lead(): void {
    const link = connect()
    become({ name: 'leader', leader: createLeader({ ...options, mail: openMail(), link }), link })
    link.changed('added')
  }

  function goAlone(): void {
    candidacy.resign()
    const link = connect()
    become({ name: 'alone', link })
    link.changed('added')
  }

  function connect(): Link {
    status.set({ isLeader: true })
    return ownLine()
  }

  function leave(): void {
    become({ name: 'absent' })
    candidacy.resign()
    mail?.close()
    mail = undefined
  }

  function withdraw(): void {
    stopListening?.()
    stopListening = undefined
    leave()
  }

  function changed(change: WatchChange): void {
    if (closed) return
    if (watches.isEmpty()) {
      withdraw()
      return status.set({ state: 'idle', transport: null, reason: null })
    }
    stopListening ??= onAwayAndBack(leave, () => changed('added'))
    if ('link' in role) role.link.changed(change)
    else if ('follower' in role) role.follower.changed()
    else follow()
  }

  return {
    changed,
    retryNow() {
      if ('link' in role) role.link.retryNow()
      else if ('follower' in role) role.follower.retryNow()
    },
    close() {
      closed = true
      withdraw()
    },
  }
}
