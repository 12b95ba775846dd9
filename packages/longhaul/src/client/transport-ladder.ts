/**
 * Which transport to try. The best is at the top; one that has failed is left alone for a while, so
 * that a network which cannot do it costs one attempt a minute and not every one. Where nothing gets
 * through it cannot be known whether streams would: as soon as a poll does, they are tried once more.
 */
import { LonghaulError } from '../core/index.js'
import { SocketUnusable } from './open-socket.js'
import { StreamUnusable } from './open-stream.js'

type Transport = 'websocket' | 'sse' | 'poll'

export interface TransportLadder {
  best(): Transport
  /** In how many milliseconds a WebSocket is to be tried beside a stream; `undefined`: never. */
  socketDueInMs(): number | undefined
  /** A WebSocket was tried, and is not what is used. */
  hasGivenUpSocket(): boolean
  /** `offersSocket`: and the server takes WebSockets; absent: as it said before. */
  worked(transport: Transport, offersSocket?: boolean): void
  /** @returns whether the next one down can be tried at once */
  failed(error: unknown, livedMs: number): boolean
  /** A WebSocket could not be opened beside a stream, which goes on. */
  upgradeFailed(error: unknown): void
  /** How often it has failed since it last worked. */
  failures(): number
  /** Start from the top. */
  reset(): void
}

export interface LadderOptions {
  /** False: poll, and never stream. */
  readonly live: boolean
  readonly canStream: boolean
  readonly hasSockets: boolean
  /** When to try again what has failed. */
  readonly climbMs: number
  readonly upgradeAfterMs: number
}

/** A connection that lived this long was a good one: the next failure is a first one. */
const stableMs = 10_000
const never = Number.NEGATIVE_INFINITY

export function createTransportLadder(options: LadderOptions): TransportLadder {
  const { live, canStream, hasSockets, climbMs, upgradeAfterMs } = options
  let offersSocket = false
  let socketFailedAt = never
  let streamFailedAt = never
  let failures = 0
  /** What is held against streams: that nothing came through, or that they fail where polls do not. */
  let doubt: 'guess' | 'proof' | undefined

  return {
    best() {
      const now = Date.now()
      if (live && hasSockets && offersSocket && now - socketFailedAt >= climbMs) return 'websocket'
      return live && canStream && now - streamFailedAt > climbMs ? 'sse' : 'poll'
    },
    socketDueInMs() {
      if (!live || !hasSockets || !offersSocket) return undefined
      return Math.max(upgradeAfterMs, socketFailedAt + climbMs - Date.now())
    },
    hasGivenUpSocket: () => hasSockets && socketFailedAt > never,
    worked(transport, offers = offersSocket) {
      offersSocket = offers
      failures = 0
      if (transport !== 'poll') doubt = undefined
      else if (doubt === 'guess') {
        doubt = 'proof'
        streamFailedAt = never
      }
    },
    failed(error, livedMs) {
      failures = livedMs > stableMs ? 1 : failures + 1
      const isFull = LonghaulError.is(error, 'too_many_connections')
      const isSocket = error instanceof SocketUnusable
      const isStream = error instanceof StreamUnusable
      if (isSocket || isFull || failures >= 2) socketFailedAt = Date.now()
      if (isStream || isFull) doubt = 'proof'
      else if (failures >= 3) doubt ??= 'guess'
      if (doubt !== undefined) streamFailedAt = Date.now()
      return isStream || isSocket || isFull
    },
    upgradeFailed(error) {
      if (error instanceof SocketUnusable) socketFailedAt = Date.now()
    },
    failures: () => failures,
    reset() {
      socketFailedAt = never
      streamFailedAt = never
      failures = 0
      doubt = undefined
    },
  }
}
