/**
 * One connection for everything that the app watches. It streams while it can; where streaming does
 * not work it polls, and tries streaming again from time to time. It opens with the first watch and
 * closes a moment after the last, so that a page change does not cost a reconnect. A changed set of
 * watches opens a new stream with the known versions, and closes the old one once the new has spoken.
 */
import { LonghaulError } from '../core/index.js'
import type { Frame, Watch, WatchAnswer, WatchRequest, WindowWatch } from '../protocol/index.js'
import { connectionStatus, type ConnectionStatus } from './connection-status.js'
import type { Http } from './http.js'
import type { JobStore } from './job-store.js'
import type { Observable } from './observable.js'
import { openStream, StreamUnusable } from './open-stream.js'
import type { StreamStore } from './stream-store.js'
import type { WakeUps } from './wake-ups.js'

export interface ConnectionOptions {
  readonly http: Http
  readonly store: JobStore
  readonly streams: StreamStore
  readonly wakeUps: WakeUps
  /** False: poll, and never stream. */
  readonly live: boolean
  /** How often to poll. Absent: as the server advises. */
  readonly pollMs?: number | undefined
  /** @defaultValue 60_000 */
  readonly climbMs?: number
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
const lingerMs = 1500
const firstRetryMs = 500
const longestRetryMs = 30_000
/** A connection that lived this long was a good one: the next failure is a first one. */
const stableMs = 10_000
const shortestPollMs = 250

export function createConnection(options: ConnectionOptions): Connection {
  const { http, store, streams, wakeUps, live, climbMs = 60_000 } = options
  const watches = new Map<string, { readonly watch: Watch; readers: number }>()
  const status = connectionStatus()
  let session: AbortController | undefined
  let changeTimer: ReturnType<typeof setTimeout> | undefined
  let wakeSleep = (): void => undefined
  let stopListening: (() => void) | undefined
  let closed = false
  let failures = 0
  let streamingFailedAt = Number.NEGATIVE_INFINITY
  let advisedPollMs = 3000
  let heartbeatMs = 15_000
  const preferred: number[] = []

  function watch(key: string, wanted: Watch): () => void {
    const entry = watches.get(key) ?? { watch: wanted, readers: 0 }
    entry.readers += 1
    watches.set(key, entry)
    // The first connects at once; what is added to a connection waits for others that are added with it.
    if (entry.readers === 1) changed(session === undefined ? 0 : coalesceMs)
    return () => {
      entry.readers -= 1
      if (entry.readers > 0) return
      // A component that is only being shown again comes back within the moment.
      setTimeout(() => {
        if (entry.readers > 0 || watches.get(key) !== entry) return
        watches.delete(key)
        if ('stream' in wanted) streams.drop(wanted.job, wanted.stream)
        changed(coalesceMs)
      }, lingerMs)
    }
  }

  function changed(afterMs: number): void {
    if (closed) return
    changeTimer ??= setTimeout(() => {
      changeTimer = undefined
      replaceSession()
    }, afterMs)
  }

  function onWakeUp(): void {
    if (wakeUps.isOnline()) retryNow()
    else status.set({ state: 'offline', reason: 'The device is offline.' })
  }

  /** The old session goes on until the new one has spoken. */
  function replaceSession(): void {
    const old = session
    wakeSleep()
    if (watches.size === 0) {
      old?.abort()
      session = undefined
      stopListening?.()
      stopListening = undefined
      return status.set({ state: 'idle', transport: null, reason: null })
    }
    stopListening ??= wakeUps.subscribe(onWakeUp)
    session = new AbortController()
    void run(session, () => old?.abort())
  }

  async function run(own: AbortController, onSpoken: () => void): Promise<void> {
    while (!own.signal.aborted && own === session) {
      const openedAt = Date.now()
      try {
        if (canStream()) await stream(own, onSpoken)
        else await poll(own, onSpoken)
      } catch (error) {
        if (own.signal.aborted) return
        if (Date.now() - openedAt > stableMs) failures = 0
        await recover(error)
      }
    }
    onSpoken()
  }

  function canStream(): boolean {
    return live && Date.now() - streamingFailedAt > climbMs
  }

  async function stream(own: AbortController, onSpoken: () => void): Promise<void> {
    if (status.getSnapshot().state !== 'live') status.set({ state: 'connecting', transport: 'sse' })
    await openStream({
      http,
      watch: request(),
      signal: own.signal,
      onFrame(frame) {
        if (own !== session) return
        take(frame, own)
        if (frame.event !== 'hello') return
        advisedPollMs = frame.data.pollMs
        heartbeatMs = frame.data.heartbeatMs
        failures = 0
        onSpoken()
        status.set({ state: 'live', transport: 'sse', attempt: 0, reason: null })
      },
    })
    // The server ended the stream as planned: come back at once, without a flicker.
  }

  function take(frame: Frame, own: AbortController): void {
    status.heard()
    if (frame.event !== 'error') return apply(frame)
    own.abort()
    refused(frame.data.detail)
  }

  function apply(frame: Frame): void {
    store.apply(frame)
    streams.apply(frame)
  }

  async function poll(own: AbortController, onSpoken: () => void): Promise<void> {
    const mark = store.mark()
    const begunAt = Date.now()
    const response = await http.send({
      method: 'POST',
      path: '/watch',
      body: request(),
      // When the app wants to poll it wants short requests; otherwise waiting is the next best to a stream.
      headers: live ? { prefer: 'wait=25' } : {},
      signal: own.signal,
    })
    const answer = (await response.json()) as WatchAnswer
    if (own !== session) return
    advisedPollMs = answer.pollMs
    failures = 0
    onSpoken()
    applyAnswer(answer, mark)
    status.heard()
    const reason = live
      ? 'Streaming does not work between here and the server.'
      : 'Live delivery is turned off.'
    status.set({ state: 'polling', transport: live ? 'long-poll' : 'poll', attempt: 0, reason })
    const { jobs, changes, gone, windows, chunks, ends } = answer
    const isNews = [jobs, changes, gone, windows, chunks, ends].some((list) => list.length > 0)
    const wasHeld = Date.now() - begunAt > 2000
    await sleep(live && (isNews || wasHeld) ? shortestPollMs : pollMs())
  }

  function pollMs(): number {
    const asked = [...preferred, ...(options.pollMs === undefined ? [] : [options.pollMs])]
    return asked.length === 0 ? advisedPollMs : Math.min(...asked)
  }

  function applyAnswer(answer: WatchAnswer, mark: number): void {
    store.applyAnswer(answer, mark)
    if (store.epoch() !== answer.epoch) return
    for (const data of answer.changes) apply({ event: 'change', data })
    for (const id of answer.gone) apply({ event: 'gone', data: { id } })
    for (const data of answer.windows) apply({ event: 'window', data })
    for (const data of answer.chunks) apply({ event: 'chunk', data })
    for (const data of answer.ends) apply({ event: 'end', data })
  }

  function request(): WatchRequest {
    const known: Record<string, string> = {}
    const wanted = [...watches.values()].map(({ watch: each }) => {
      if ('stream' in each) return streams.watchOf(each.job, each.stream)
      if ('jobs' in each) return withTag(each)
      const version = store.knownVersion(each.job)
      if (version !== undefined) known[each.job] = version
      return each
    })
    return { watches: wanted, known, epoch: store.epoch() }

    function withTag(each: WindowWatch): Watch {
      const { window, jobs } = store.window(each.key).getSnapshot()
      for (const { id } of jobs) {
        const version = store.knownVersion(id)
        if (version !== undefined) known[id] = version
      }
      return { ...each, tag: window?.tag }
    }
  }

  async function recover(error: unknown): Promise<void> {
    if (LonghaulError.is(error, 'unauthenticated') || LonghaulError.is(error, 'bad_origin')) {
      return refused(error.message)
    }
    failures += 1
    if (error instanceof StreamUnusable || failures >= 3) streamingFailedAt = Date.now()
    if (error instanceof StreamUnusable) return
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

  function sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      wakeSleep = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  function retryNow(): void {
    const isFresh =
      status.getSnapshot().state === 'live' && status.sinceHeardMs() < heartbeatMs * 1.5
    if (closed || isFresh || watches.size === 0) return
    streamingFailedAt = Number.NEGATIVE_INFINITY
    failures = 0
    session?.abort()
    replaceSession()
  }

  return {
    watch,
    status,
    retryNow,
    preferPolling(everyMs) {
      preferred.push(everyMs)
      return () => void preferred.splice(preferred.indexOf(everyMs), 1)
    },
    close() {
      closed = true
      clearTimeout(changeTimer)
      stopListening?.()
      session?.abort()
      session = undefined
      wakeSleep()
      status.set({ state: 'closed', transport: null })
    },
  }
}
