/**
 * The windows of filters that readers watch. SQL alone decides which jobs a window holds: it is
 * asked again when a job appears, changes its status, or goes. A change of anything else in a job
 * that is in the window needs no question.
 */
import { createHash } from 'node:crypto'
import { canSee, type Logger, type Principal } from '../core/index.js'
import type { Jobs } from '../engine/index.js'
import type { JobKey } from '../postgres/index.js'
import { encodeFrame, type WindowFrame, type WindowWatch } from '../protocol/index.js'
import { coalesce } from './coalesce.js'
import { createJobState, type JobState } from './job-state.js'
import type { Reader, WindowState } from './reader.js'

export interface WindowsOptions {
  readonly jobs: Pick<Jobs, 'list' | 'count'>
  readonly logger: Logger
  /** Every answer carries the database's epoch. */
  noticeEpoch(epoch: string): void
}

export interface Windows {
  open(reader: Reader, watch: WindowWatch): { readonly ready: Promise<void>; close(): void }
  isWatched(tenantId: string): boolean
  /** A job was read: `null` when it is gone. */
  jobChanged(key: JobKey, state: JobState | null): void
  readAll(): void
  forgetAll(): void
  size(): number
  close(): void
}

interface Entry {
  readonly principal: Principal
  readonly watches: Map<Reader, Set<string>>
  state: WindowState | undefined
  /** Put a member's new state in its place, without asking. */
  update(state: JobState): void
  readSoon(): void
  readonly firstRead: Promise<void>
}

const readPace = { share: 0.1, longestMs: 50 }
const retryMs = 500
/** So many windows are looked at again at a time, each with two statements: the other connections are for requests. */
const looksAtOnce = 2
const defaultLimit = 20
/** How many jobs' statuses are remembered, to tell what could change a window from what could not. */
const mostSeen = 20_000

export function createWindows({ jobs, logger, noticeEpoch }: WindowsOptions): Windows {
  const entries = new Map<string, Entry>()
  const tenants = new Map<string, Set<Entry>>()
  const seen = new Map<string, string>()
  /** To be looked at again, as they may have changed unheard; and those that are at this moment. */
  const doubted = new Set<Entry>()
  const looking = new Set<Entry>()
  let closed = false

  function readAgain(some: Iterable<Entry>): void {
    for (const entry of some) if (entry.watches.size > 0) doubted.add(entry)
    lookAgain()
  }

  function lookAgain(): void {
    for (const entry of doubted) {
      if (looking.size >= looksAtOnce) return
      doubted.delete(entry)
      looking.add(entry)
      entry.readSoon()
    }
  }

  function hasLooked(entry: Entry): void {
    looking.delete(entry)
    lookAgain()
  }

  function open(reader: Reader, watch: WindowWatch): { ready: Promise<void>; close(): void } {
    const name = nameOf(reader.principal, watch)
    const entry = entries.get(name) ?? add(name, reader.principal, watch)
    const keys = entry.watches.get(reader) ?? new Set()
    keys.add(watch.key)
    entry.watches.set(reader, keys)
    if (entry.state === undefined) entry.readSoon()
    else reader.windowChanged(watch.key, entry.state)
    return { ready: entry.firstRead, close: () => leave(name, entry, reader) }
  }

  function add(name: string, principal: Principal, watch: WindowWatch): Entry {
    const entry = createEntry(principal, watch)
    entries.set(name, entry)
    const ofTenant = tenants.get(principal.tenantId) ?? new Set()
    tenants.set(principal.tenantId, ofTenant.add(entry))
    return entry
  }

  function leave(name: string, entry: Entry, reader: Reader): void {
    entry.watches.delete(reader)
    if (entry.watches.size > 0) return
    entries.delete(name)
    doubted.delete(entry)
    const ofTenant = tenants.get(entry.principal.tenantId)
    ofTenant?.delete(entry)
    if (ofTenant?.size === 0) tenants.delete(entry.principal.tenantId)
  }

  function createEntry(
    principal: Principal,
    { jobs: selection, limit = defaultLimit }: WindowWatch,
  ): Entry {
    let wasRead!: () => void
    const firstRead = new Promise<void>((resolve) => {
      wasRead = resolve
    })
    const tell = (state: WindowState): void => {
      entry.state = state
      for (const [reader, keys] of entry.watches)
        for (const key of keys) reader.windowChanged(key, state)
    }
    let reading = false
    const readSoon = coalesce(readPace, async () => {
      doubted.delete(entry)
      if (entry.watches.size === 0) return hasLooked(entry)
      reading = true
      try {
        const [page, counted] = await Promise.all([
          jobs.list({ principal, selection, limit }),
          jobs.count(principal, selection),
        ])
        const members = page.jobs.map((job) =>
          createJobState({ ...job, tenantId: principal.tenantId }),
        )
        noticeEpoch(page.epoch)
        const { counts, capped: countsCapped } = counted
        tell(createWindowState(members, { counts, countsCapped, hasMore: page.hasMore }))
        wasRead()
      } catch (error) {
        logger.debug({ error }, 'reading a window failed; trying again')
        if (!closed) setTimeout(() => readAgain([entry]), retryMs)
      } finally {
        reading = false
        hasLooked(entry)
      }
    })
    const entry: Entry = {
      principal,
      watches: new Map(),
      state: undefined,
      firstRead,
      readSoon,
      update(changed) {
        // The answer on its way may be older than this change, or the first to hold the job.
        if (reading) readSoon()
        const before = entry.state
        const at = before?.members.findIndex(({ job }) => job.id === changed.job.id) ?? -1
        if (before === undefined || at < 0) return
        if (before.members[at]!.job.version >= changed.job.version) return
        tell(before.with(at, changed))
      },
    }
    return entry
  }

  return {
    open,
    isWatched: (tenantId) => tenants.has(tenantId),
    jobChanged({ tenantId, id }, state) {
      const ofTenant = tenants.get(tenantId)
      if (ofTenant === undefined) return
      const key = `${tenantId} ${id}`
      const before = seen.get(key)
      const now = state === null ? undefined : `${state.job.status} ${state.job.createdAt}`
      seen.delete(key)
      if (now !== undefined) seen.set(key, now)
      if (seen.size > mostSeen) seen.delete(seen.keys().next().value!)
      for (const entry of ofTenant) {
        if (state !== null && !canSee(entry.principal, state.job)) continue
        if (before !== now || state === null) entry.readSoon()
        else entry.update(state)
      }
    },
    readAll: () => readAgain(entries.values()),
    forgetAll() {
      seen.clear()
      for (const entry of entries.values()) entry.state = undefined
    },
    size: () => entries.size,
    close() {
      closed = true
      doubted.clear()
    },
  }
}

/** Two watches are of one window when the same rows answer both. */
function nameOf({ tenantId, userId, roles }: Principal, { jobs, limit }: WindowWatch): string {
  const { status, type, queue, tags, input, parent, scope } = jobs
  return JSON.stringify([
    tenantId,
    userId,
    [...roles].sort(),
    status,
    type,
    queue,
    tags,
    input,
    parent,
    scope,
    limit,
  ])
}

function createWindowState(
  members: readonly JobState[],
  facts: Pick<WindowFrame, 'counts' | 'countsCapped' | 'hasMore'>,
): WindowState {
  const ids = members.map(({ job }) => job.id)
  const tag = createHash('sha256')
    .update(JSON.stringify([ids, facts]))
    .digest('base64url')
    .slice(0, 16)
  return {
    members,
    tag,
    frame: (key) => encodeFrame({ event: 'window', data: { key, tag, ids, ...facts } }),
    with: (at, state) => createWindowState(members.with(at, state), facts),
  }
}
