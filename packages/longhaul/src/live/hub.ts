/**
 * What the API nodes' readers watch, read once for all of them.
 *
 * The hub keeps one entry for each distinct thing that somebody watches. Hints say what to read
 * again; every 10 s, and after any doubt about the hints, everything is read again, so that a lost
 * hint heals itself. An entry is there before it is first read: a change in between marks it, and
 * it is read once more, so nothing falls between the snapshot and what follows.
 */
import { isJobId, type Logger, type Principal } from '../core/index.js'
import {
  type Database,
  findJobsByKey,
  type Hint,
  type Hints,
  type JobKey,
  readEpoch,
  runWithEpoch,
} from '../postgres/index.js'
import type { Jobs } from '../engine/index.js'
import {
  encodeFrame,
  type EncodedFrame,
  type StreamWatch,
  type WatchRequest,
} from '../protocol/index.js'
import { createAnnouncer } from './announcer.js'
import { coalesce } from './coalesce.js'
import { type ConnectionLimits, type Connections, createConnections } from './connections.js'
import { createJobState, type JobState } from './job-state.js'
import { Reader } from './reader.js'
import { createStreams } from './streams.js'
import { createWindows } from './windows.js'

export interface HubOptions {
  readonly db: Database
  readonly hints: Hints
  readonly jobs: Pick<Jobs, 'list' | 'count'>
  readonly logger: Logger
  readonly heartbeatMs: number
  readonly pollMs: number
  readonly connections?: ConnectionLimits
  /** @defaultValue 10_000 */
  readonly healMs?: number
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

/** A job that somebody watches. */
interface JobEntry extends JobKey {
  /** `undefined`: not read yet. `null`: there is no such job. */
  state: JobState | null | undefined
  readonly readers: Set<Reader>
  readonly firstRead: Promise<void>
  wasRead(): void
}

const readIntervalMs = 20
const keysPerRead = 500

export function createHub(options: HubOptions): Hub {
  const { db, hints, logger, heartbeatMs, pollMs, healMs = 10_000 } = options
  const entries = new Map<string, JobEntry>()
  const dirty = new Map<string, JobKey>()
  const readers = new Set<Reader>()
  const closeListeners = new Set<() => void>()
  const connections = createConnections(options.connections)
  const tell = createAnnouncer()
  const windows = createWindows({ ...options, noticeEpoch })
  const streams = createStreams({ db, logger, noticeEpoch })
  let epoch: string | undefined
  let ws = false
  let closed = false

  const readSoon = coalesce(readIntervalMs, async () => {
    try {
      await readDirty()
    } catch (error) {
      logger.debug({ error }, 'reading what is watched failed; trying again')
      if (!closed) setTimeout(readSoon, 500)
    }
  })

  function onHint(hint: Hint): void {
    if (hint.everything === true) return lookAtEverything()
    for (const { tenantId, id } of hint.jobs ?? []) {
      const key = keyOf({ tenantId, id })
      if (entries.has(key) || windows.isWatched(tenantId)) dirty.set(key, { tenantId, id })
    }
    if (dirty.size > 0) readSoon()
    streams.changed([...(hint.streams ?? []), ...(hint.jobs ?? [])])
  }

  function lookAtEverything(): void {
    for (const [key, { tenantId, id }] of entries) dirty.set(key, { tenantId, id })
    windows.readAll()
    streams.readAll()
    readSoon()
  }

  async function readDirty(): Promise<void> {
    while (dirty.size > 0) {
      const keys = [...dirty.values()].slice(0, keysPerRead)
      for (const key of keys) dirty.delete(keyOf(key))
      try {
        await readJobs(keys)
      } catch (error) {
        for (const key of keys) dirty.set(keyOf(key), key)
        throw error
      }
    }
  }

  async function readJobs(keys: readonly JobKey[]): Promise<void> {
    const answer = await runWithEpoch(db, findJobsByKey(keys))
    noticeEpoch(answer.epoch)
    const states = new Map<string, JobState>()
    for (const row of answer.rows) {
      if (row.id === null) continue
      const { epoch: _, ...job } = row
      states.set(keyOf(job), createJobState(job))
    }
    for (const key of keys) {
      const state = states.get(keyOf(key)) ?? null
      windows.jobChanged(key, state)
      const entry = entries.get(keyOf(key))
      if (entry === undefined) continue
      entry.state = state
      entry.wasRead()
      for (const reader of entry.readers) reader.jobChanged(key.id, state)
    }
  }

  /** The database restarted or failed over: what was known counts for nothing. */
  function noticeEpoch(current: string): void {
    if (epoch === current) return
    const first = epoch === undefined
    epoch = current
    if (first) return
    for (const entry of entries.values()) entry.state = undefined
    windows.forgetAll()
    streams.forgetAll()
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

  function watchJob(reader: Reader, id: string): JobEntry {
    const key = keyOf({ tenantId: reader.principal.tenantId, id })
    let entry = entries.get(key)
    if (entry === undefined) {
      entry = createJobEntry({ tenantId: reader.principal.tenantId, id })
      entries.set(key, entry)
      dirty.set(key, entry)
      readSoon()
    }
    entry.readers.add(reader)
    if (entry.state !== undefined) reader.jobChanged(id, entry.state)
    return entry
  }

  function unwatchJob(reader: Reader, id: string): void {
    const key = keyOf({ tenantId: reader.principal.tenantId, id })
    const entry = entries.get(key)
    entry?.readers.delete(reader)
    if (entry?.readers.size === 0) entries.delete(key)
  }

  const unsubscribe = hints.subscribe(onHint)
  const healing = setInterval(lookAtEverything, healMs)
  healing.unref()

  return {
    heartbeatMs,
    pollMs,
    connections,
    epoch: currentEpoch,
    offerWebSocket: () => void (ws = true),
    offersWebSocket: () => ws,
    size: () => entries.size + windows.size() + streams.size(),

    async watch(principal, request) {
      const current = await currentEpoch()
      const isKnown = request.epoch === undefined || request.epoch === current
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
      for (const { job } of asked) if (!isJobId(job)) reader.jobChanged(job, null)
      const reads = [...ids].map((id) => watchJob(reader, id).firstRead)
      const followed = possible.flatMap((watch) =>
        'stream' in watch ? [streams.open(reader, isKnown ? watch : fromStart(watch))] : [],
      )
      const opened = [...lists.map((watch) => windows.open(reader, watch)), ...followed]
      return {
        reader,
        ready: () => Promise.all([...reads, ...opened.map(({ ready }) => ready)]),
        isCatchingUp: () => followed.some((each) => each.isCatchingUp()),
        close() {
          // A second time it would end what somebody else watches by now.
          if (!readers.delete(reader)) return
          reader.listen(undefined)
          for (const id of ids) unwatchJob(reader, id)
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
      for (const listener of closeListeners) listener()
      clearInterval(healing)
      unsubscribe()
      windows.close()
      streams.close()
    },
  }
}

/** What the caller has of a stream was of another epoch, and counts for nothing. */
function fromStart({ job, stream }: StreamWatch): StreamWatch {
  return { job, stream, from: 'lost' }
}

function createJobEntry({ tenantId, id }: JobKey): JobEntry {
  let wasRead!: () => void
  const firstRead = new Promise<void>((resolve) => {
    wasRead = resolve
  })
  return { tenantId, id, state: undefined, readers: new Set(), firstRead, wasRead }
}

function keyOf({ tenantId, id }: JobKey): string {
  return `${tenantId} ${id}`
}
