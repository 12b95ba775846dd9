/**
 * One connection for everything that the app watches. It begins as a stream of events; a WebSocket,
 * where the server takes them, is opened beside it and then takes over. Where streaming does not work
 * it polls. What is better is tried again from time to time. It opens with the first watch and
 * closes a moment after the last, so that a page change does not cost a reconnect. A changed set of
 * watches opens a new stream with the known versions, and closes the old one once the new has spoken.
 */
import { LonghaulError } from '../core/index.js'
import type { Frame, HelloFrame, Watch, WatchAnswer } from '../protocol/index.js'
import { connectionStatus, type ConnectionStatus } from './connection-status.js'
import type { Http } from './http.js'
import type { JobStore } from './job-store.js'
import { createKnowledge } from './knowledge.js'
import type { Observable } from './observable.js'
import {
  type LiveSocket,
  openSocket,
  type SocketOptions,
  SocketUnusable,
  type WebSocketConstructor,
} from './open-socket.js'
import { openStream, StreamUnusable } from './open-stream.js'
import type { StreamStore } from './stream-store.js'
import { createSleeper } from './sleeper.js'
import type { WakeUps } from './wake-ups.js'
import { createWatchSet } from './watch-set.js'

export interface ConnectionOptions {
  readonly http: Http
  readonly store: JobStore
  readonly streams: StreamStore
  readonly wakeUps: WakeUps
  /** False: poll, and never stream. */
  readonly live: boolean
  /** Absent: the platform has none, or the app does not want them. */
  readonly WebSocket?: WebSocketConstructor | undefined
  /** How often to poll. Absent: as the server advises. */
  readonly pollMs?: number | undefined
  /** @defaultValue 60_000 */
  readonly climbMs?: number
  /** @defaultValue 500 */
  readonly upgradeAfterMs?: number
}

export interface Connection {
  /** @param key stands for the watch: the same key, the same watch. @returns a function that ends it */
  watch(key: string, watch: Watch): () => void
  readonly status: Observable<ConnectionStatus>
  /** Poll at least this often while polling. @returns a function that ends it */
  preferPolling(everyMs: number): () => void
  /** Try again now, and stream again if that had been given up. */
  retryNow(): void
  close(): void
}

const coalesceMs = 50
const whyNoSocket = 'A WebSocket could not be opened, so changes come as a stream of events.'
const firstRetryMs = 500
const longestRetryMs = 30_000
/** A connection that lived this long was a good one: the next failure is a first one. */
const stableMs = 10_000
const shortestPollMs = 250

export function createConnection(options: ConnectionOptions): Connection {
  const {
    http,
    store,
    streams,
    wakeUps,
    live,
    WebSocket,
    climbMs = 60_000,
    upgradeAfterMs = 500,
  } = options
  const watches = createWatchSet({
    store,
    streams,
    // The first connects at once; what is added to a connection waits for others that are added with it.
    onChange: (change) => changed(change === 'added' && session === undefined ? 0 : coalesceMs),
  })
  const status = connectionStatus()
  let session: AbortController | undefined
  let changeTimer: ReturnType<typeof setTimeout> | undefined
  const { sleep, wake } = createSleeper()
  const knowledge = createKnowledge(store, streams)
  let stopListening: (() => void) | undefined
  let closed = false
  let failures = 0
  let streamingFailedAt = Number.NEGATIVE_INFINITY
  let socketFailedAt = Number.NEGATIVE_INFINITY
  /** The server takes WebSockets. */
  let isSocketOffered = false
  /** The socket of the current session, if it has one. */
  let open: LiveSocket | undefined
  let upgradeTimer: ReturnType<typeof setTimeout> | undefined
  let advisedPollMs = 3000
  let heartbeatMs = 15_000
  const preferred: number[] = []

  function changed(afterMs: number): void {
    if (closed) return
    changeTimer ??= setTimeout(() => {
      changeTimer = undefined
      if (open !== undefined && !watches.isEmpty()) open.watch(watches.request())
      else replaceSession()
    }, afterMs)
  }

  function onWakeUp(): void {
    if (wakeUps.isOnline()) retryNow()
    else status.set({ state: 'offline', reason: 'The device is offline.' })
  }

  /** The old session goes on until the new one has spoken. */
  function replaceSession(socket?: LiveSocket): void {
    const old = session
    wake()
    clearTimeout(upgradeTimer)
    if (watches.isEmpty()) {
      old?.abort()
      session = undefined
      stopListening?.()
      stopListening = undefined
      return status.set({ state: 'idle', transport: null, reason: null })
    }
    stopListening ??= wakeUps.subscribe(onWakeUp)
    session = new AbortController()
    void run(session, () => old?.abort(), socket)
  }

  async function run(
    own: AbortController,
    onSpoken: () => void,
    socket?: LiveSocket,
  ): Promise<void> {
    let opened = socket
    while (!own.signal.aborted && own === session) {
      const openedAt = Date.now()
      try {
        const socketOptions = optionsForSocket(own)
        if (opened === undefined && socketOptions !== undefined)
          opened = await openSocket(socketOptions)
        if (opened !== undefined) await followSocket(opened, own, onSpoken)
        else if (canStream()) await stream(own, onSpoken)
        else await poll(own, onSpoken)
      } catch (error) {
        if (own.signal.aborted || own !== session) break
        if (Date.now() - openedAt > stableMs) failures = 0
        await recover(error)
      } finally {
        opened = undefined
      }
    }
    // However it ended, what it was to take over from ends with it.
    onSpoken()
  }

  /** With what to open a WebSocket, if one can be had. */
  function optionsForSocket({ signal }: AbortController): SocketOptions | undefined {
    const may = live && isSocketOffered && Date.now() - socketFailedAt >= climbMs
    return may && WebSocket !== undefined ? { http, WebSocket, signal } : undefined
  }

  async function followSocket(
    socket: LiveSocket,
    own: AbortController,
    onSpoken: () => void,
  ): Promise<void> {
    open = socket
    try {
      socket.watch(watches.request())
      await socket.follow(own.signal, (frame) => {
        if (own === session) {
          take(frame, own)
          if (frame.event === 'hello') greeted('websocket', frame.data, onSpoken)
        }
      })
    } finally {
      if (open === socket) open = undefined
    }
  }

  /** A stream works. A WebSocket is better, and is opened beside it before it takes over. */
  function upgradeLater(afterMs: number): void {
    clearTimeout(upgradeTimer)
    if (!live || !isSocketOffered || WebSocket === undefined) return
    upgradeTimer = setTimeout(() => void upgrade(), afterMs)
  }

  async function upgrade(): Promise<void> {
    const before = session
    const socketOptions = before === undefined ? undefined : optionsForSocket(before)
    if (socketOptions === undefined) return
    try {
      const socket = await openSocket(socketOptions)
      if (session === before) replaceSession(socket)
      else socket.close()
    } catch (error) {
      if (session !== before) return
      noteNoSocket(error)
      status.set({ reason: whyNoSocket })
      upgradeLater(climbMs)
    }
  }

  function noteNoSocket(error: unknown): void {
    if (error instanceof SocketUnusable) socketFailedAt = Date.now()
  }

  function greeted(transport: 'sse' | 'websocket', data: HelloFrame, onSpoken: () => void): void {
    advisedPollMs = data.pollMs
    heartbeatMs = data.heartbeatMs
    isSocketOffered = data.ws === true
    failures = 0
    onSpoken()
    const isSecondBest = transport === 'sse' && socketFailedAt > Number.NEGATIVE_INFINITY
    const reason = isSecondBest ? whyNoSocket : null
    status.set({ state: 'live', transport, attempt: 0, reason })
    if (transport === 'sse') {
      const waitMs = Math.max(upgradeAfterMs, socketFailedAt + climbMs - Date.now())
      upgradeLater(waitMs)
    }
  }

  function canStream(): boolean {
    return live && Date.now() - streamingFailedAt > climbMs
  }

  async function stream(own: AbortController, onSpoken: () => void): Promise<void> {
    if (status.getSnapshot().state !== 'live') status.set({ state: 'connecting', transport: 'sse' })
    await openStream({
      http,
      watch: watches.request(),
      signal: own.signal,
      onFrame(frame) {
        if (own !== session) return
        take(frame, own)
        if (frame.event === 'hello') greeted('sse', frame.data, onSpoken)
      },
    })
    // The server ended the stream as planned: come back at once, without a flicker.
  }

  function take(frame: Frame, own: AbortController): void {
    status.heard()
    if (frame.event !== 'error') return knowledge.apply(frame)
    own.abort()
    refused(frame.data.detail)
  }

  async function poll(own: AbortController, onSpoken: () => void): Promise<void> {
    const mark = store.mark()
    const begunAt = Date.now()
    // The first is answered at once, so that it is known soon whether polling works.
    const mayHold = live && status.getSnapshot().state === 'polling'
    const response = await http.send({
      method: 'POST',
      path: '/watch',
      body: watches.request(),
      // When the app wants to poll it wants short requests; otherwise waiting is the next best to a stream.
      headers: mayHold ? { prefer: 'wait=25' } : {},
      signal: own.signal,
    })
    const answer = (await response.json()) as WatchAnswer
    if (own !== session) return
    advisedPollMs = answer.pollMs
    failures = 0
    onSpoken()
    const isNews = knowledge.applyAnswer(answer, mark)
    status.heard()
    const reason = live
      ? 'Streaming does not work between here and the server.'
      : 'Live delivery is turned off.'
    status.set({ state: 'polling', transport: live ? 'long-poll' : 'poll', attempt: 0, reason })
    const wasHeld = Date.now() - begunAt > 2000
    await sleep(live && (isNews || wasHeld || !mayHold) ? shortestPollMs : pollMs())
  }

  function pollMs(): number {
    const asked = [...preferred, ...(options.pollMs === undefined ? [] : [options.pollMs])]
    return asked.length === 0 ? advisedPollMs : Math.min(...asked)
  }

  async function recover(error: unknown): Promise<void> {
    if (LonghaulError.is(error, 'unauthenticated') || LonghaulError.is(error, 'bad_origin')) {
      return refused(error.message)
    }
    failures += 1
    noteNoSocket(error)
    if (failures >= 2) socketFailedAt = Date.now()
    if (error instanceof StreamUnusable || failures >= 3) streamingFailedAt = Date.now()
    if (error instanceof StreamUnusable || error instanceof SocketUnusable) return
    const waitMs = Math.random() * Math.min(longestRetryMs, firstRetryMs * 2 ** failures)
    status.set({
      state: wakeUps.isOnline() ? 'reconnecting' : 'offline',
      attempt: failures,
      nextRetryAt: Date.now() + waitMs,
      reason: error instanceof Error ? error.message : String(error),
    })
    await sleep(waitMs)
    status.set({ nextRetryAt: null })
  }

  /** Nothing is tried again by itself: asking again would get the same answer. */
  function refused(reason: string): void {
    session = undefined
    status.set({ state: 'unauthorized', transport: null, reason, nextRetryAt: null })
  }

  function retryNow(): void {
    const isFresh =
      status.getSnapshot().state === 'live' && status.sinceHeardMs() < heartbeatMs * 1.5
    if (closed || isFresh || watches.isEmpty()) return
    streamingFailedAt = Number.NEGATIVE_INFINITY
    socketFailedAt = Number.NEGATIVE_INFINITY
    failures = 0
    session?.abort()
    replaceSession()
  }

  return {
    watch: watches.add,
    status,
    retryNow,
    preferPolling(everyMs) {
      preferred.push(everyMs)
      return () => void preferred.splice(preferred.indexOf(everyMs), 1)
    },
    close() {
      closed = true
      clearTimeout(changeTimer)
      clearTimeout(upgradeTimer)
      stopListening?.()
      session?.abort()
      session = undefined
      wake()
      status.set({ state: 'closed', transport: null })
    },
  }
}
