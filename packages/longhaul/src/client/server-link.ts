/**
 * One connection to the server for everything that is watched. It begins as a stream of events; a
 * WebSocket, where the server takes them, is opened beside it and then takes over. Where streaming
 * does not work it polls. What is better is tried again from time to time. It opens with the first
 * watch and closes with the last. A changed set of watches closes the stream or poll, and opens a
 * new one with the known versions: a browser has only six connections, and whatever else it asks needs them too.
 */
import { LonghaulError } from '../core/index.js'
import type { Frame, Goodbye, HelloFrame, WatchAnswer } from '../protocol/index.js'
import type { ConnectionStatusSource } from './connection-status.js'
import type { Http } from './http.js'
import type { JobStore } from './job-store.js'
import type { Knowledge } from './knowledge.js'
import type { Link, WatchChange } from './link.js'
import { type LiveSocket, openSocket, type WebSocketConstructor } from './open-socket.js'
import { openStream } from './open-stream.js'
import type { PollPace } from './poll-pace.js'
import { createSleeper } from './sleeper.js'
import type { Timings } from './timings.js'
import { createTransportLadder } from './transport-ladder.js'
import type { WakeUps } from './wake-ups.js'
import type { WatchSet } from './watch-set.js'

export interface ServerLinkOptions {
  readonly http: Http
  readonly watches: WatchSet
  readonly store: JobStore
  readonly knowledge: Knowledge
  readonly status: ConnectionStatusSource
  readonly pace: PollPace
  readonly wakeUps: WakeUps
  /** False: poll, and never stream. */
  readonly live: boolean
  /** False: the platform's answers come only when they are complete, as React Native's do. */
  readonly canStream: boolean
  /** Absent: the platform has none, or the app does not want them. */
  readonly WebSocket?: WebSocketConstructor | undefined
  readonly timings: Timings
}

type LiveTransport = 'sse' | 'websocket'

const coalesceMs = 50
const whyNoSocket = 'A WebSocket could not be opened.'
const shortestPollMs = 250

export function createServerLink(options: ServerLinkOptions): Link {
  const { http, watches, store, knowledge, status, pace, wakeUps, live, WebSocket, timings } =
    options
  const hasSockets = WebSocket !== undefined
  const ladder = createTransportLadder({ ...timings, ...options, hasSockets })
  const { sleep, wake } = createSleeper()
  let session: AbortController | undefined
  /** The socket of the current session, if it has one. */
  let open: LiveSocket | undefined
  let changeTimer: ReturnType<typeof setTimeout> | undefined
  let upgradeTimer: ReturnType<typeof setTimeout> | undefined
  let stopListening: (() => void) | undefined
  let closed = false
  let heartbeatMs = 15_000
  /** Within which time to come back should the connection be lost, as the server said. */
  let spreadMs = 0
  let goodbye: Goodbye | undefined
  /** The server takes no more connections, in its own words. */
  let whyFull: string | undefined

  function changed(change: WatchChange): void {
    if (closed) return
    // The first connects at once; what is added to a connection waits for others that are added with it.
    const afterMs = change === 'added' && session === undefined ? 0 : coalesceMs
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

  /** What the old session had not yet said, the new one asks for. */
  function replaceSession(socket?: LiveSocket): void {
    wake()
    clearTimeout(upgradeTimer)
    session?.abort()
    if (watches.isEmpty()) {
      socket?.close()
      session = undefined
      stopListening?.()
      stopListening = undefined
      return status.set({ state: 'idle', transport: null, reason: null })
    }
    stopListening ??= wakeUps.subscribe(onWakeUp)
    session = new AbortController()
    void run(session, socket)
  }

  async function run(own: AbortController, opened?: LiveSocket): Promise<void> {
    let hasGivenWay = false
    while (own === session) {
      const openedAt = Date.now()
      try {
        opened ??= await openBestSocket(own)
        if (opened !== undefined) await followSocket(opened, own)
        else if (ladder.best() === 'poll') await poll(own)
        else await stream(own)
        await comeBackInTurn()
      } catch (error) {
        if (own !== session) break
        if (isFull(error) && !hasGivenWay) {
          // The server may not have noticed yet that the session before is over.
          hasGivenWay = true
          await sleep(timings.firstRetryMs)
        } else await recover(error, Date.now() - openedAt)
      } finally {
        opened = undefined
      }
    }
  }

  /** The server says goodbye to all at once, and another one could not greet them all at once. */
  async function comeBackInTurn(): Promise<void> {
    const waitMs = Math.random() * (goodbye?.spreadMs ?? 0)
    goodbye = undefined
    if (waitMs > 0) await pause(waitMs, 'The server is about to go.')
  }

  async function pause(waitMs: number, reason: string): Promise<void> {
    status.set({
      state: wakeUps.isOnline() ? 'reconnecting' : 'offline',
      attempt: ladder.failures(),
      nextRetryAt: Date.now() + waitMs,
      reason,
    })
    await sleep(waitMs)
    status.set({ nextRetryAt: null })
  }

  async function openBestSocket({ signal }: AbortController): Promise<LiveSocket | undefined> {
    if (WebSocket === undefined || ladder.best() !== 'websocket') return undefined
    return openSocket({ http, WebSocket, signal, helloMs: timings.helloMs })
  }

  async function followSocket(socket: LiveSocket, own: AbortController): Promise<void> {
    open = socket
    try {
      socket.watch(watches.request())
      await socket.follow(own.signal, (frame) => take(own, 'websocket', frame))
    } finally {
      if (open === socket) open = undefined
    }
  }

  /** A stream works. A WebSocket is better, and is opened beside it before it takes over. */
  function upgradeLater(afterMs: number | undefined): void {
    clearTimeout(upgradeTimer)
    if (afterMs !== undefined) upgradeTimer = setTimeout(() => void upgrade(), afterMs)
  }

  async function upgrade(): Promise<void> {
    const before = session
    if (before === undefined) return
    try {
      const socket = await openBestSocket(before)
      if (session === before && socket !== undefined) replaceSession(socket)
      else socket?.close()
    } catch (error) {
      if (session !== before) return
      ladder.upgradeFailed(error)
      status.set({ reason: whyNoSocket })
      upgradeLater(timings.climbMs)
    }
  }

  function greeted(transport: LiveTransport, data: HelloFrame): void {
    pace.advise(data.pollMs)
    heartbeatMs = data.heartbeatMs
    spreadMs = data.spreadMs ?? 0
    whyFull = undefined
    ladder.worked(transport, data.ws === true)
    const isSecondBest = transport === 'sse' && ladder.hasGivenUpSocket()
    const reason = isSecondBest ? whyNoSocket : null
    status.set({ state: 'live', transport, attempt: 0, reason })
    if (transport === 'sse') upgradeLater(ladder.socketDueInMs())
  }

  async function stream(own: AbortController): Promise<void> {
    if (status.getSnapshot().state !== 'live') status.set({ state: 'connecting', transport: 'sse' })
    await openStream({
      http,
      watch: watches.request(),
      signal: own.signal,
      headersMs: timings.headersMs,
      helloMs: timings.helloMs,
      onFrame: (frame) => take(own, 'sse', frame),
    })
    // The server ended the stream as planned: come back at once, without a flicker.
  }

  function take(own: AbortController, transport: LiveTransport, frame: Frame): void {
    if (own !== session) return
    status.heard()
    if (frame.event === 'bye') goodbye = frame.data
    // After an error the server ends the stream. By the token of now it may let the same user in again.
    knowledge.apply(frame)
    if (frame.event === 'hello') greeted(transport, frame.data)
  }

  async function poll(own: AbortController): Promise<void> {
    const mark = store.mark()
    const begunAt = Date.now()
    // The first is answered at once, so that it is known soon whether polling works.
    const mayHold = live && status.getSnapshot().state === 'polling'
    const answer = await http.ask<WatchAnswer>({
      method: 'POST',
      path: '/watch',
      body: watches.request(),
      // When the app wants to poll it wants short requests; otherwise waiting is the next best to a stream.
      headers: mayHold ? { prefer: `wait=${Math.round(timings.waitMs / 1000)}` } : {},
      signal: own.signal,
    })
    if (own !== session) return
    pace.advise(answer.pollMs)
    ladder.worked('poll', answer.ws)
    const isNews = knowledge.applyAnswer(answer, mark)
    status.heard()
    const reason = live
      ? (whyFull ?? 'Streaming does not work from here.')
      : 'Live delivery is turned off.'
    status.set({ state: 'polling', transport: live ? 'long-poll' : 'poll', attempt: 0, reason })
    const wasHeld = Date.now() - begunAt > 2000
    await sleep(live && (isNews || wasHeld || !mayHold) ? shortestPollMs : pace.everyMs())
  }

  async function recover(error: unknown, livedMs: number): Promise<void> {
    if (LonghaulError.is(error, 'unauthenticated') || LonghaulError.is(error, 'bad_origin')) {
      return refused(error.message)
    }
    if (isFull(error)) whyFull = error.message
    if (ladder.failed(error, livedMs)) return
    const { firstRetryMs, longestRetryMs } = timings
    const backoffMs = Math.min(longestRetryMs, firstRetryMs * 2 ** ladder.failures())
    const reason = error instanceof Error ? error.message : String(error)
    await pause(Math.random() * Math.max(backoffMs, spreadMs), reason)
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
    ladder.reset()
    replaceSession()
  }

  return {
    changed,
    retryNow,
    close() {
      closed = true
      clearTimeout(changeTimer)
      clearTimeout(upgradeTimer)
      stopListening?.()
      session?.abort()
      session = undefined
      wake()
    },
  }
}

function isFull(error: unknown): error is LonghaulError {
  return LonghaulError.is(error, 'too_many_connections')
}
