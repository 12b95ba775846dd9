/**
 * What the API nodes' readers watch, read once for all of them.
 *
 * The hub keeps one entry for each distinct thing that somebody watches. Hints say what to read
 * again; every 10 s, and after any doubt about the hints, everything is read again, so that a lost
 * hint heals itself.
 */
import { isJobId, type Logger, type Principal } from '../core/index.js'
import { type Database, type Hint, type Hints, readEpoch } from '../postgres/index.js'
import type { Jobs } from '../engine/index.js'
import {
  encodeFrame,
  type EncodedFrame,
  type StreamWatch,
  type WatchRequest,
} from '../protocol/index.js'
import { createAnnouncer } from './announcer.js'
import { type ConnectionLimits, type Connections, createConnections } from './connections.js'
import { Reader } from './reader.js'
import { createPolledJobs, type PolledJobs } from './polled-jobs.js'
import { streamOfNoJob } from './stream-subscription.js'
import { createStreams } from './streams.js'
import { createWatchedJobs } from './watched-jobs.js'
import { createWindows } from './windows.js'

export interface HubOptions {
  readonly db: Database
  readonly hints: Hints
  readonly jobs: Pick<Jobs, 'get' | 'list' | 'count'>
  readonly logger: Logger
  readonly heartbeatMs: number
  readonly pollMs: number
  readonly connections?: ConnectionLimits
  /** @defaultValue 10_000 */
  readonly healMs?: number
  /** Of how many jobs the version is kept that pollers ask for. @defaultValue 20_000 */
  readonly mostPolled?: number
}

export interface Subscription {
  readonly reader: Reader
  /** Resolves when everything that is watched has been read once. */
  ready(): Promise<unknown>
  /** Something that the reader has not had is being read for it. */
  isCatchingUp(): boolean
  close(): void
}

export interface Hub {
  readonly heartbeatMs: number
  readonly pollMs: number
  readonly connections: Connections
  readonly polled: Pick<PolledJobs, 'versionOf' | 'get' | 'size'>
  watch(principal: Principal, request: WatchRequest): Promise<Subscription>
  epoch(): Promise<string>
  /** From now on readers are told that there are WebSockets. */
  offerWebSocket(): void
  offersWebSocket(): boolean
  /** How many things are watched. */
  size(): number
  /** Called when the hub closes, at once if it has: streams then say goodbye. @returns a function that ends it */
  onClose(listener: () => void): () => void
  close(): void
}

export function createHub(options: HubOptions): Hub {
  const { db, hints, logger, heartbeatMs, pollMs, healMs = 10_000 } = options
  const readers = new Set<Reader>()
  const closeListeners = new Set<() => void>()
  const connections = createConnections(options.connections)
  const tell = createAnnouncer()
  const windows = createWindows({ ...options, noticeEpoch })
  const jobs = createWatchedJobs({ db, logger, windows, noticeEpoch })
  const streams = createStreams({ db, logger, noticeEpoch })
  const polled = createPolledJobs({
    ...options,
    healMs,
    most: options.mostPolled,
    noticeEpoch,
  })
  let epoch: string | undefined
  let ws = false
  let closed = false

  function onHint(hint: Hint): void {
    if (hint.everything === true) {
      polled.forgetAll()
      return lookAtEverything()
    }
    jobs.changed(hint.jobs ?? [])
    polled.changed(hint.jobs ?? [])
    streams.changed([...(hint.streams ?? []), ...(hint.jobs ?? [])])
  }

  function lookAtEverything(): void {
    jobs.lookAgain()
    windows.readAll()
    streams.readAll()
  }

  /** The database restarted or failed over: what was known counts for nothing. */
  function noticeEpoch(current: string): void {
    if (epoch === current) return
    const first = epoch === undefined
    epoch = current
    if (first) return
    jobs.forgetAll()
    windows.forgetAll()
    streams.forgetAll()
    polled.forgetAll()
    for (const reader of readers) reader.reset()
    lookAtEverything()
  }

  async function currentEpoch(): Promise<string> {
    if (epoch === undefined) noticeEpoch(await readEpoch(db))
    return epoch!
  }

  function hello(): EncodedFrame {
    return encodeFrame({
      event: 'hello',
      data: { epoch: epoch!, heartbeatMs, pollMs, ws, ...connections.advice() },
    })
  }

  const unsubscribe = hints.subscribe(onHint)
  const healing = setInterval(() => {
    lookAtEverything()
    void polled.lookAgain()
  }, healMs)
  healing.unref()

  return {
    heartbeatMs,
    pollMs,
    connections,
    polled,
    epoch: currentEpoch,
    offerWebSocket: () => void (ws = true),
    offersWebSocket: () => ws,
    size: () => jobs.size() + windows.size() + streams.size(),

    async watch(principal, request) {
      await currentEpoch()
      const isKnown = request.epoch === undefined || request.epoch === epoch
      const lists = request.watches.flatMap((watch) => ('jobs' in watch ? [watch] : []))
      const asked = request.watches.flatMap((watch) => ('job' in watch ? [watch] : []))
      const possible = asked.filter(({ job }) => isJobId(job))
      const ids = new Set(possible.flatMap((watch) => ('stream' in watch ? [] : [watch.job])))
      const reader = new Reader(
        { principal, watched: ids, hello, tell },
        {
          versions: isKnown ? (request.known ?? {}) : {},
          windowTags: isKnown ? lists.map(({ key, tag = '' }) => [key, tag]) : [],
        },
      )
      readers.add(reader)
      // What is no id can be no job's.
      for (const watch of asked) {
        if (isJobId(watch.job)) continue
        if ('stream' in watch) reader.streamChanged(streamOfNoJob(reader, watch))
        else reader.jobChanged(watch.job, null)
      }
      const watched = [...ids].map((id) => jobs.open(reader, id))
      const followed = possible.flatMap((watch) =>
        'stream' in watch ? [streams.open(reader, isKnown ? watch : fromStart(watch))] : [],
      )
      const listed = lists.map((watch) => windows.open(reader, watch))
      const opened = [...watched, ...listed, ...followed]
      return {
        reader,
        ready: () => Promise.all(opened.map(({ ready }) => ready)),
        isCatchingUp: () => followed.some((each) => each.isCatchingUp()),
        close() {
          // A second time it would end what somebody else watches by now.
          if (!readers.delete(reader)) return
          reader.listen(undefined)
          for (const each of opened) each.close()
        },
      }
    },

    onClose(listener) {
      if (closed) listener()
      closeListeners.add(listener)
      return () => void closeListeners.delete(listener)
    },

    close() {
      if (closed) return
      closed = true
      // Whoever is sent away and asks here again finds it closed.
      connections.close()
      for (const listener of closeListeners) listener()
      clearInterval(healing)
      unsubscribe()
      jobs.close()
      windows.close()
      streams.close()
    },
  }
}

/** What the caller has of a stream was of another epoch, and counts for nothing. */
function fromStart({ job, stream }: StreamWatch): StreamWatch {
  return { job, stream, from: 'lost' }
}
