/**
 * A tab that is told by another one. It asks again and again whether its leader is there: a leader
 * that is closed or crashes loses its lock, one that hangs only falls silent.
 */
import type { ConnectionStatusSource } from '../connection-status.js'
import type { JobStore } from '../job-store.js'
import type { Knowledge } from '../knowledge.js'
import type { PollPace } from '../poll-pace.js'
import type { WakeUps } from '../wake-ups.js'
import type { WatchSet } from '../watch-set.js'
import type { Mail, TabMessage } from './mail.js'

export interface Follower {
  take(from: string, message: TabMessage): void
  /** What this tab watches has changed. */
  changed(): void
  retryNow(): void
  close(): void
}

export interface FollowerOptions {
  readonly mail: Mail
  readonly store: JobStore
  readonly knowledge: Knowledge
  readonly watches: WatchSet
  readonly status: ConnectionStatusSource
  readonly pace: PollPace
  readonly wakeUps: WakeUps
  /** Whoever leads does not answer. */
  onSilence(): void
  /** The leader has no room for this tab. */
  onFull(): void
}

const coalesceMs = 50
const pingMs = 900
/** With the time until the first of them, about four seconds. */
const silentPings = 4

export function createFollower(options: FollowerOptions): Follower {
  const { mail, store, knowledge, watches, status, pace, wakeUps, onSilence, onFull } = options
  let leader: string | undefined
  let epoch: string | undefined
  let unanswered = 0
  let changeTimer: ReturnType<typeof setTimeout> | undefined

  function follow(next: string | undefined): void {
    if (leader !== undefined && leader !== next) mail.forget(leader)
    leader = next
  }

  function seek(): void {
    follow(undefined)
    mail.toAll({ type: 'seeking' })
  }

  function sayWhatIsWatched(): void {
    clearTimeout(changeTimer)
    changeTimer = undefined
    if (leader === undefined) return
    mail.to(leader, { type: 'watch', request: watches.request(), pollMs: pace.preferredMs() })
  }

  function retryNow(): void {
    if (leader !== undefined) mail.to(leader, { type: 'retry' })
  }

  const pings = setInterval(() => {
    if (unanswered >= silentPings) {
      unanswered = 0
      return onSilence()
    }
    unanswered += 1
    if (leader === undefined) seek()
    else mail.to(leader, { type: 'ping' })
  }, pingMs)
  const stopListening = wakeUps.subscribe(() => {
    if (wakeUps.isOnline()) retryNow()
  })
  status.set({ isLeader: false })
  if (status.getSnapshot().state === 'idle') status.set({ state: 'connecting' })
  seek()

  return {
    take(from, message) {
      if (message.type === 'leading') follow(from)
      if (from !== leader) return
      unanswered = 0
      switch (message.type) {
        case 'leading':
          epoch = undefined
          return sayWhatIsWatched()
        case 'news':
          status.heard()
          if (message.epoch !== epoch) store.enter(message.epoch)
          epoch = message.epoch
          return message.frames.forEach(knowledge.apply)
        case 'status': {
          const { state, transport, attempt, nextRetryAt, reason } = message.status
          return status.set({ state, transport, attempt, nextRetryAt, reason })
        }
        case 'full':
          return onFull()
        case 'lost':
          return seek()
        default:
          return // a pong has said all by coming
      }
    },
    changed() {
      changeTimer ??= setTimeout(sayWhatIsWatched, coalesceMs)
    },
    retryNow,
    close() {
      clearInterval(pings)
      clearTimeout(changeTimer)
      stopListening()
      if (leader !== undefined) mail.to(leader, { type: 'leave' })
      follow(undefined)
    },
  }
}
