import { isJobId } from '../core/index.js'
import type { JobKey } from './queries/jobs/find-jobs.js'

export interface Hint {
  /** Queues that have jobs to claim. */
  readonly queues?: readonly string[]
  /** Jobs were given a time at which they become ready. */
  readonly scheduled?: boolean
  /** Jobs that changed. */
  readonly jobs?: readonly JobKey[]
  /** Jobs whose streams have new chunks. */
  readonly streams?: readonly JobKey[]
  /** A job that another has spawned may have settled. */
  readonly children?: boolean
  /** Jobs that were cancelled may have left something to clean up. */
  readonly cleanups?: boolean
  /** Workers that have a running job whose cancellation was asked for. */
  readonly workers?: readonly string[]
  /** Something changed, and it is not known what: look at everything. */
  readonly everything?: boolean
}

/**
 * How a hint travels, on the channel that is called as the schema. An empty payload says: look at everything.
 * Short names, because a payload holds fewer than 8,000 bytes.
 */
export interface HintMessage {
  /** Who sent it. */
  readonly o: string
  readonly q?: readonly string[]
  readonly s?: true
  /** Job ids by tenant. */
  readonly j?: Readonly<Record<string, readonly string[]>>
  /** Ids of jobs with new chunks, by tenant. */
  readonly c?: Readonly<Record<string, readonly string[]>>
  readonly w?: readonly string[]
  readonly k?: true
  readonly u?: true
  readonly all?: true
  /** The number of an echo to oneself. */
  readonly e?: number
}

export function parseMessage(payload: string): HintMessage | undefined {
  try {
    const message: unknown = JSON.parse(payload)
    return isMessage(message) ? message : undefined
  } catch {
    return undefined // somebody else's use of our channel; looking does no harm
  }
}

/** Whoever may connect to the database may write to the channel, and anything. */
function isMessage(value: unknown): value is HintMessage {
  if (typeof value !== 'object' || value === null) return false
  const { o, q = [], w = [], j = {}, c = {} } = value as Record<string, unknown>
  return isText(o) && [q, w].every((names) => isListOf(names, isText)) && [j, c].every(isIds)
}

function isIds(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).every((ids) => isListOf(ids, isJobId))
}

function isListOf(value: unknown, isMember: (member: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isMember)
}

function isText(value: unknown): boolean {
  return typeof value === 'string'
}

export function readHint(message: HintMessage | undefined): Hint {
  if (message === undefined) return { everything: true }
  const { q, s, j, c, w, k, u, all } = message
  return {
    ...(q === undefined ? {} : { queues: q }),
    ...(s === undefined ? {} : { scheduled: true }),
    ...(w === undefined ? {} : { workers: w }),
    ...(k === undefined ? {} : { children: true }),
    ...(u === undefined ? {} : { cleanups: true }),
    ...(j === undefined ? {} : { jobs: asKeys(j) }),
    ...(c === undefined ? {} : { streams: asKeys(c) }),
    ...(all === undefined ? {} : { everything: true }),
  }
}

function asKeys(ids: Readonly<Record<string, readonly string[]>>): JobKey[] {
  return Object.entries(ids).flatMap(([tenantId, ofTenant]) =>
    ofTenant.map((id) => ({ tenantId, id })),
  )
}

/** What is to be sent: hints that say the same are one. */
export interface Outbox {
  add(hint: Hint): void
  isEmpty(): boolean
  /** The payloads that say it all, or one that says "look". */
  take(origin: string): string[]
}

const maxPayloadBytes = 7900
const jobsPerPayload = 100
const maxPayloads = 4

export function createOutbox(): Outbox {
  const queues = new Set<string>()
  const workers = new Set<string>()
  const jobs = new Map<string, JobKey>()
  const streams = new Map<string, JobKey>()
  let scheduled = false
  let children = false
  let cleanups = false
  let everything = false

  return {
    isEmpty: () =>
      !everything &&
      !scheduled &&
      !children &&
      !cleanups &&
      queues.size + workers.size + jobs.size + streams.size === 0,
    add(hint) {
      // Said already, or there is no room to name them all.
      everything ||=
        hint.everything === true || jobs.size + streams.size > jobsPerPayload * maxPayloads
      if (everything) return
      for (const queue of hint.queues ?? []) queues.add(queue)
      for (const worker of hint.workers ?? []) workers.add(worker)
      for (const job of hint.jobs ?? []) jobs.set(`${job.tenantId} ${job.id}`, job)
      for (const job of hint.streams ?? []) streams.set(`${job.tenantId} ${job.id}`, job)
      scheduled ||= hint.scheduled === true
      children ||= hint.children === true
      cleanups ||= hint.cleanups === true
    },
    take(origin) {
      const shared = {
        o: origin,
        ...(queues.size === 0 ? {} : { q: [...queues] }),
        ...(scheduled ? { s: true as const } : {}),
        ...(children ? { k: true as const } : {}),
        ...(cleanups ? { u: true as const } : {}),
        ...(workers.size === 0 ? {} : { w: [...workers] }),
      }
      const messages: HintMessage[] = [everything ? { ...shared, all: true } : shared]
      if (!everything) {
        const ids = [
          ...inParts([...jobs.values()]).map((j) => ({ j })),
          ...inParts([...streams.values()]).map((c) => ({ c })),
        ]
        ids.forEach((part, n) => {
          if (n === 0) messages[0] = { ...messages[0]!, ...part }
          else messages.push({ o: origin, ...part })
        })
      }
      queues.clear()
      workers.clear()
      jobs.clear()
      streams.clear()
      scheduled = false
      children = false
      cleanups = false
      everything = false
      const payloads = messages.map((message) => JSON.stringify(message))
      const fits = payloads.length <= maxPayloads && payloads.every(isShort)
      return fits ? payloads : [JSON.stringify({ o: origin, all: true })]
    },
  }
}

function isShort(payload: string): boolean {
  return Buffer.byteLength(payload) <= maxPayloadBytes
}

function inParts(keys: readonly JobKey[]): Record<string, string[]>[] {
  const parts: Record<string, string[]>[] = []
  for (let n = 0; n < keys.length; n += jobsPerPayload)
    parts.push(byTenant(keys.slice(n, n + jobsPerPayload)))
  return parts
}

function byTenant(keys: readonly JobKey[]): Record<string, string[]> {
  const ids: Record<string, string[]> = Object.create(null) as Record<string, string[]>
  for (const { tenantId, id } of keys) (ids[tenantId] ??= []).push(id)
  return ids
}
