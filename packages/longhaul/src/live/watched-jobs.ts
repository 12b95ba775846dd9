/**
 * The jobs that readers watch, and those that could belong to a window. Each that has changed is read
 * once for all of them. An entry is there before it is first read: a change in between marks it, and
 * it is read once more, so nothing falls between the snapshot and what follows.
 */
import { isJobId, type Logger } from '../core/index.js'
import {
  type Database,
  findJobsByKey,
  findVersions,
  type JobKey,
  runWithEpoch,
} from '../postgres/index.js'
import { formatKnownVersion } from '../protocol/index.js'
import { coalesce } from './coalesce.js'
import { createJobState, type JobState } from './job-state.js'
import type { Reader } from './reader.js'
import type { Windows } from './windows.js'

export interface WatchedJobsOptions {
  readonly db: Database
  readonly logger: Logger
  readonly windows: Pick<Windows, 'isWatched' | 'jobChanged'>
  /** Every answer carries the database's epoch. */
  noticeEpoch(epoch: string): void
}

export interface WatchedJobs {
  open(reader: Reader, id: string): { readonly ready: Promise<void>; close(): void }
  changed(jobs: readonly JobKey[]): void
  /** Hints may have been lost: what is not as it was is read again. */
  lookAgain(): void
  forgetAll(): void
  size(): number
  close(): void
}

interface Entry extends JobKey {
  /** `undefined`: not read yet. `null`: there is no such job. */
  state: JobState | null | undefined
  readonly readers: Set<Reader>
  readonly firstRead: Promise<void>
  wasRead(): void
}

const readPace = { share: 0.1, longestMs: 20 }
const keysPerRead = 500
const retryMs = 500

export function createWatchedJobs(options: WatchedJobsOptions): WatchedJobs {
  const { db, logger, windows, noticeEpoch } = options
  const entries = new Map<string, Entry>()
  const dirty = new Map<string, JobKey>()
  const doubted = new Map<string, JobKey>()
  let closed = false

  const readSoon = coalesce(readPace, async () => {
    try {
      await readDirty()
    } catch (error) {
      logger.debug({ error }, 'reading what is watched failed; trying again')
      if (!closed) setTimeout(readSoon, retryMs)
    }
  })

  async function readDirty(): Promise<void> {
    while (dirty.size + doubted.size > 0) {
      await readSome(dirty, readJobs)
      await readSome(doubted, compare)
    }
  }

  async function readSome(
    waiting: Map<string, JobKey>,
    read: (keys: readonly JobKey[]) => Promise<void>,
  ): Promise<void> {
    const keys = [...waiting.values()].slice(0, keysPerRead)
    if (keys.length === 0) return
    for (const key of keys) waiting.delete(keyOf(key))
    try {
      await read(keys)
    } catch (error) {
      for (const key of keys) waiting.set(keyOf(key), key)
      throw error
    }
  }

  /** By their versions alone: of thousands that are looked at again hardly one has changed unheard. */
  async function compare(keys: readonly JobKey[]): Promise<void> {
    const { epoch, rows } = await runWithEpoch(db, findVersions(keys))
    noticeEpoch(epoch)
    const versions = new Map<string, string>()
    for (const row of rows) if (row.id !== null) versions.set(keyOf(row), formatKnownVersion(row))
    for (const key of keys) {
      const entry = entries.get(keyOf(key))
      if (entry === undefined) continue
      const isAsKnown = entry.state !== undefined && entry.state?.known === versions.get(keyOf(key))
      if (!isAsKnown) dirty.set(keyOf(key), key)
    }
  }

  async function readJobs(keys: readonly JobKey[]): Promise<void> {
    const answer = await runWithEpoch(db, findJobsByKey(keys))
    noticeEpoch(answer.epoch)
    const states = new Map<string, JobState>()
    for (const row of answer.rows) if (row.id !== null) states.set(keyOf(row), createJobState(row))
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

  function add(key: JobKey): Entry {
    const entry = createEntry(key)
    entries.set(keyOf(key), entry)
    dirty.set(keyOf(key), key)
    readSoon()
    return entry
  }

  return {
    open(reader, id) {
      const key = { tenantId: reader.principal.tenantId, id }
      const entry = entries.get(keyOf(key)) ?? add(key)
      entry.readers.add(reader)
      if (entry.state !== undefined) reader.jobChanged(id, entry.state)
      return {
        ready: entry.firstRead,
        close() {
          entry.readers.delete(reader)
          if (entry.readers.size === 0) entries.delete(keyOf(key))
        },
      }
    },
    changed(jobs) {
      for (const { tenantId, id } of jobs) {
        const key = keyOf({ tenantId, id })
        // Anybody can send hints: what is no id would fail the read of all others, again and again.
        if (entries.has(key) || (windows.isWatched(tenantId) && isJobId(id)))
          dirty.set(key, { tenantId, id })
      }
      if (dirty.size > 0) readSoon()
    },
    lookAgain() {
      for (const [key, { tenantId, id }] of entries) doubted.set(key, { tenantId, id })
      readSoon()
    },
    forgetAll() {
      for (const entry of entries.values()) entry.state = undefined
    },
    size: () => entries.size,
    close() {
      closed = true
    },
  }
}

function createEntry({ tenantId, id }: JobKey): Entry {
  let wasRead!: () => void
  const firstRead = new Promise<void>((resolve) => {
    wasRead = resolve
  })
  return { tenantId, id, state: undefined, readers: new Set(), firstRead, wasRead }
}

function keyOf({ tenantId, id }: JobKey): string {
  return `${tenantId} ${id}`
}
