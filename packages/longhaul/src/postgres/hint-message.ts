import type { JobKey } from './queries/jobs/find-jobs.js'

export interface Hint {
  /** Queues that have jobs to claim. */
  readonly queues?: readonly string[]
  /** Jobs were given a time at which they become ready. */
  readonly scheduled?: boolean
  /** Jobs that changed. */
  readonly jobs?: readonly JobKey[]
  /** Workers that have a running job whose cancellation was asked for. */
  readonly workers?: readonly string[]
  /** Something changed, and it is not known what: look at everything. */
  readonly everything?: boolean
}

/** How a hint travels: short names, because a payload holds fewer than 8,000 bytes. */
export interface HintMessage {
  /** Who sent it. */
  readonly o: string
  readonly q?: readonly string[]
  readonly s?: true
  /** Job ids by tenant. */
  readonly j?: Readonly<Record<string, readonly string[]>>
  readonly w?: readonly string[]
  readonly all?: true
  /** The number of an echo to oneself. */
  readonly e?: number
}

export function parseMessage(payload: string): HintMessage | undefined {
  try {
    return JSON.parse(payload) as HintMessage
  } catch {
    return undefined // somebody else's use of our channel; looking does no harm
  }
}

export function readHint(message: HintMessage | undefined): Hint {
  if (message === undefined) return { everything: true }
  const { q, s, j, w, all } = message
  return {
    ...(q === undefined ? {} : { queues: q }),
    ...(s === undefined ? {} : { scheduled: true }),
    ...(w === undefined ? {} : { workers: w }),
    ...(j === undefined
      ? {}
      : {
          jobs: Object.entries(j).flatMap(([tenantId, ids]) => ids.map((id) => ({ tenantId, id }))),
        }),
    ...(all === undefined ? {} : { everything: true }),
  }
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
  let scheduled = false
  let everything = false

  return {
    isEmpty: () => !everything && !scheduled && queues.size + workers.size + jobs.size === 0,
    add(hint) {
      for (const queue of hint.queues ?? []) queues.add(queue)
      for (const worker of hint.workers ?? []) workers.add(worker)
      for (const job of hint.jobs ?? []) jobs.set(`${job.tenantId} ${job.id}`, job)
      scheduled ||= hint.scheduled === true
      everything ||= hint.everything === true
    },
    take(origin) {
      const keys = [...jobs.values()]
      const shared = {
        o: origin,
        ...(queues.size === 0 ? {} : { q: [...queues] }),
        ...(scheduled ? { s: true as const } : {}),
        ...(workers.size === 0 ? {} : { w: [...workers] }),
      }
      const messages: HintMessage[] = [everything ? { ...shared, all: true } : shared]
      for (let n = 0; n < keys.length && !everything; n += jobsPerPayload) {
        const j = byTenant(keys.slice(n, n + jobsPerPayload))
        if (n === 0) messages[0] = { ...messages[0]!, j }
        else messages.push({ o: origin, j })
      }
      queues.clear()
      workers.clear()
      jobs.clear()
      scheduled = false
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

function byTenant(keys: readonly JobKey[]): Record<string, string[]> {
  const ids: Record<string, string[]> = Object.create(null) as Record<string, string[]>
  for (const { tenantId, id } of keys) (ids[tenantId] ??= []).push(id)
  return ids
}
