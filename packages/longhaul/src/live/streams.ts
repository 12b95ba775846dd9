/**
 * The streams that readers watch. What is new in a stream is read once for all who follow it, and
 * its last part is kept; a reader that is further back is given pages of its own until it has caught
 * up. Nobody's backlog is held for them: a slow reader costs one page.
 */
import type { Logger } from '../core/index.js'
import {
  type Database,
  type JobKey,
  readStreams,
  runWithEpoch,
  type StreamRow,
} from '../postgres/index.js'
import type { StreamWatch } from '../protocol/index.js'
import { coalesce } from './coalesce.js'
import { readOrLeaveOut } from './read-or-leave-out.js'
import type { Reader } from './reader.js'
import {
  createStreamSubscription,
  type EncodedChunk,
  type StreamState,
  type StreamSubscription,
} from './stream-subscription.js'

export interface StreamsOptions {
  readonly db: Database
  readonly logger: Logger
  /** Every answer carries the database's epoch. */
  noticeEpoch(epoch: string): void
}

export interface Streams {
  open(reader: Reader, watch: StreamWatch): OpenedStream
  /** Chunks were written to streams of these jobs, or the jobs have changed. */
  changed(jobs: readonly JobKey[]): void
  readAll(): void
  forgetAll(): void
  size(): number
  close(): void
}

export interface OpenedStream {
  /** Resolves when it has been read once. */
  readonly ready: Promise<void>
  isCatchingUp(): boolean
  close(): void
}

interface Entry extends StreamState {
  readonly tenantId: string
  readonly subscriptions: Set<StreamSubscription>
  readonly firstRead: Promise<void>
  wasRead(): void
  tailBytes: number
}

const readPace = { share: 0.1, longestMs: 20 }
const placesPerRead = 200
/** Each page is up to a quarter of a megabyte. */
const pagesPerRead = 16
const mostTailBytes = 262_144
const retryMs = 500

export function createStreams({ db, logger, noticeEpoch }: StreamsOptions): Streams {
  const jobs = new Map<string, Map<string, Entry>>()
  const dirty = new Set<Entry>()
  const behind = new Map<StreamSubscription, Entry>()
  let closed = false

  const readNews = repeated(() =>
    readOrLeaveOut<Entry>(
      (leftOut) => [...dirty].filter((entry) => !leftOut.has(entry)).slice(0, placesPerRead),
      async (entries) => {
        for (const entry of entries) dirty.delete(entry)
        try {
          await readEntries(entries)
        } catch (error) {
          for (const entry of entries) if (entry.subscriptions.size > 0) dirty.add(entry)
          throw error
        }
      },
    ),
  )
  const readPages = repeated(async () => {
    try {
      await readOrLeaveOut<StreamSubscription>(
        (leftOut) => [...behind.keys()].filter((one) => !leftOut.has(one)).slice(0, pagesPerRead),
        readPagesOf,
      )
    } finally {
      if (dirty.size > 0) readNews()
    }
  })

  function repeated(work: () => Promise<void>): () => void {
    const soon = coalesce(readPace, async () => {
      try {
        await work()
      } catch (error) {
        logger.debug({ error }, 'reading streams failed; trying again')
        if (!closed) setTimeout(soon, retryMs)
      }
    })
    return soon
  }

  async function readEntries(entries: readonly Entry[]): Promise<void> {
    const places = entries.map(({ tenantId, id, stream, job, head: after }) => {
      return { tenantId, id, stream, after, createdAt: job?.createdAt }
    })
    const { epoch, rows } = await runWithEpoch(db, readStreams(places))
    noticeEpoch(epoch)
    entries.forEach((entry, n) => {
      // The epoch has changed meanwhile: what follows the old place is not all of the new stream.
      if (entry.head !== places[n]!.after) {
        dirty.add(entry)
        return
      }
      update(
        entry,
        rows.filter(({ place }) => place === n + 1),
      )
      entry.wasRead()
      for (const subscription of entry.subscriptions)
        subscription.reader.streamChanged(subscription)
    })
  }

  async function readPagesOf(some: readonly StreamSubscription[]): Promise<void> {
    // One that failed with others may have left before it was its turn.
    const waiting = some.flatMap((subscription) => {
      const entry = behind.get(subscription)
      return entry === undefined ? [] : [[subscription, entry] as const]
    })
    const asked = waiting.map(([subscription]) => subscription.place())
    const places = waiting.map(([, { tenantId, id, stream }], n) => {
      const { seq: after, createdAt } = asked[n]!
      return { tenantId, id, stream, after, createdAt }
    })
    const { epoch, rows } = await runWithEpoch(db, readStreams(places))
    noticeEpoch(epoch)
    waiting.forEach(([subscription, entry], n) => {
      // Its reader began again while this was being read: it waits for another page, or for none.
      if (subscription.place() !== asked[n] || !behind.delete(subscription)) return
      const ofPlace = rows.filter(({ place }) => place === n + 1)
      const [first] = ofPlace
      const isThere = first !== undefined && first.ownerId !== null
      if (!isThere) dirty.add(entry)
      subscription.pageRead({
        restarted: isThere && first.restarted,
        chunks: chunksOf(ofPlace, entry),
      })
    })
  }

  function createEntry(tenantId: string, { job: id, stream }: StreamWatch): Entry {
    let wasRead!: () => void
    const firstRead = new Promise<void>((resolve) => {
      wasRead = resolve
    })
    return {
      tenantId,
      id,
      stream,
      job: undefined,
      head: 0,
      tail: [],
      tailFrom: 0,
      tailBytes: 0,
      subscriptions: new Set(),
      firstRead,
      wasRead,
    }
  }

  function find(reader: Reader, watch: StreamWatch): Entry {
    const { tenantId } = reader.principal
    const key = keyOf({ tenantId, id: watch.job })
    const ofJob = jobs.get(key) ?? new Map<string, Entry>()
    jobs.set(key, ofJob)
    const entry = ofJob.get(watch.stream) ?? createEntry(tenantId, watch)
    ofJob.set(watch.stream, entry)
    return entry
  }

  function leave(entry: Entry, subscription: StreamSubscription): void {
    entry.subscriptions.delete(subscription)
    behind.delete(subscription)
    if (entry.subscriptions.size > 0) return
    const key = keyOf(entry)
    dirty.delete(entry)
    jobs.get(key)?.delete(entry.stream)
    if (jobs.get(key)?.size === 0) jobs.delete(key)
  }

  function* allEntries(): Iterable<Entry> {
    for (const ofJob of jobs.values()) yield* ofJob.values()
  }

  function readAll(): void {
    for (const entry of allEntries()) dirty.add(entry)
    if (dirty.size > 0) readNews()
  }

  return {
    open(reader, watch) {
      const entry = find(reader, watch)
      const subscription = createStreamSubscription({
        reader,
        watch,
        state: entry,
        needPage(wanting) {
          behind.set(wanting, entry)
          readPages()
        },
      })
      entry.subscriptions.add(subscription)
      if (entry.job === undefined) {
        dirty.add(entry)
        readNews()
      } else reader.streamChanged(subscription)
      return {
        ready: entry.firstRead,
        isCatchingUp: subscription.isCatchingUp,
        close: () => leave(entry, subscription),
      }
    },
    changed(keys) {
      for (const key of keys)
        for (const entry of jobs.get(keyOf(key))?.values() ?? []) dirty.add(entry)
      if (dirty.size > 0) readNews()
    },
    readAll,
    forgetAll() {
      for (const entry of allEntries()) {
        Object.assign(entry, { job: undefined, head: 0, tail: [], tailFrom: 0, tailBytes: 0 })
        for (const subscription of entry.subscriptions) {
          behind.delete(subscription)
          subscription.reset()
        }
      }
      readAll()
    },
    size: () => [...allEntries()].length,
    close() {
      closed = true
    },
  }
}

/** What was read of a stream that is followed, added to what is known. */
function update(entry: Entry, rows: readonly StreamRow[]): void {
  const [first] = rows
  if (first === undefined || first.ownerId === null) {
    Object.assign(entry, { job: null, head: 0, tail: [], tailFrom: 0, tailBytes: 0 })
    return
  }
  const { tenantId, ownerId, visibility, status, createdAt, version, head, restarted } = first
  entry.job = { tenantId, ownerId, visibility, status, createdAt, version }
  const chunks = chunksOf(rows, entry)
  const isComplete = (chunks.at(-1)?.seq ?? entry.head) === head
  if (restarted || !isComplete) {
    // Whoever is not at the end already gets there by pages.
    Object.assign(entry, { head, tail: [], tailFrom: head, tailBytes: 0 })
    return
  }
  entry.head = head
  entry.tail.push(...chunks)
  entry.tailBytes += chunks.reduce((sum, { frame }) => sum + frame.json.length, 0)
  while (entry.tailBytes > mostTailBytes && entry.tail.length > 1) {
    const dropped = entry.tail.shift()!
    entry.tailBytes -= dropped.frame.json.length
    entry.tailFrom = dropped.seq
  }
}

/** Each chunk encoded once; its content is JSON already. */
function chunksOf(rows: readonly StreamRow[], { id, stream }: StreamState): EncodedChunk[] {
  return rows.flatMap((row) => {
    if (row.ownerId === null || row.seq === null) return []
    const { seq, createdAt, step, keep, content } = row
    const place = JSON.stringify({
      job: id,
      stream,
      seq,
      createdAt,
      ...(keep === null ? { step } : { keep }),
    })
    const json = keep === null ? `${place.slice(0, -1)},"values":${content}}` : place
    return [{ seq, frame: { event: 'chunk', json, id: `${seq}@${createdAt}` } }]
  })
}

function keyOf({ tenantId, id }: JobKey): string {
  return `${tenantId} ${id}`
}
