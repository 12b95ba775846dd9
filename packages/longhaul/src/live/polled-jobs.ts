/**
 * Which version the jobs have that pollers ask for again and again, so that "nothing has changed" is said without reading a
 * row. A version that was read counts as long as nothing speaks against it: hints come, none has named the job since before
 * the read, and it was read again not long ago. All else is left to whoever asks, who then reads the row.
 */
import { canSee, type Job, type Logger, type Ownership, type Principal } from '../core/index.js'
import type { Jobs, WithEpochOf } from '../engine/index.js'
import {
  type Database,
  findVersions,
  type Hints,
  type JobKey,
  runWithEpoch,
} from '../postgres/index.js'

export interface PolledJobsOptions {
  readonly db: Database
  readonly hints: Pick<Hints, 'status'>
  readonly jobs: Pick<Jobs, 'get'>
  readonly logger: Logger
  /** How often clients are told to poll. */
  readonly pollMs: number
  /** How often `lookAgain` is called. */
  readonly healMs: number
  /** @defaultValue 20_000 */
  readonly most?: number | undefined
  /** Every answer carries the database's epoch. */
  noticeEpoch(epoch: string): void
}

export interface JobVersion extends Ownership {
  readonly id: string
  readonly createdAt: string
  readonly version: number
  readonly epoch: string
}

export interface PolledJobs {
  /** The job's version, if it is known without a read and the principal may see the job. */
  versionOf(principal: Principal, id: string): JobVersion | undefined
  /**
   * Read a job, and keep its version for two intervals of polling.
   *
   * @throws {LonghaulError} `job_not_found`
   */
  get(principal: Principal, id: string): Promise<WithEpochOf<Job>>
  changed(jobs: readonly JobKey[]): void
  /** What is kept is read again, in case a hint was lost. */
  lookAgain(): Promise<void>
  forgetAll(): void
  size(): number
}

interface Entry extends JobKey {
  /** `undefined`: not known. */
  kept: { readonly version: JobVersion; readonly readAt: number } | undefined
  /** How often it was said that the job has changed: a read that was begun before says nothing. */
  changes: number
  until: number
}

const keysPerRead = 500

export function createPolledJobs(options: PolledJobsOptions): PolledJobs {
  const { db, hints, jobs, logger, pollMs, healMs, most = 20_000, noticeEpoch } = options
  const entries = new Map<string, Entry>()
  const keepMs = 2 * pollMs
  /** A look that is a little late does no harm; where none succeeds nothing counts any more. */
  const mostAgeMs = 1.2 * healMs
  let isLooking = false

  function entryOf({ tenantId }: Principal, id: string): Entry {
    const key = keyOf({ tenantId, id })
    const entry = entries.get(key) ?? { tenantId, id, kept: undefined, changes: 0, until: 0 }
    entry.until = Date.now() + keepMs
    entries.set(key, entry)
    if (entries.size > most) entries.delete(entries.keys().next().value!)
    return entry
  }

  /** By the clock of the wall, and in both directions: others stand still while a machine or a function sleeps. */
  function isRecent(readAt: number): boolean {
    return Math.abs(Date.now() - readAt) <= mostAgeMs
  }

  function dropOld(): void {
    for (const [key, { until }] of entries) if (until < Date.now()) entries.delete(key)
  }

  async function readVersions(some: readonly Entry[]): Promise<void> {
    const changes = some.map((entry) => entry.changes)
    const readAt = Date.now()
    const { epoch, rows } = await runWithEpoch(db, findVersions(some))
    noticeEpoch(epoch)
    const versions = new Map<string, JobVersion>()
    for (const row of rows) if (row.id !== null) versions.set(keyOf(row), { ...row, epoch })
    some.forEach((entry, n) => {
      if (entry.changes !== changes[n]) return
      const version = versions.get(keyOf(entry))
      entry.kept = version === undefined ? undefined : { version, readAt }
    })
  }

  return {
    versionOf(principal, id) {
      if (hints.status() !== 'listening') return undefined
      const entry = entries.get(keyOf({ tenantId: principal.tenantId, id }))
      if (entry?.kept === undefined || !isRecent(entry.kept.readAt)) return undefined
      if (!canSee(principal, entry.kept.version)) return undefined
      entry.until = Date.now() + keepMs
      return entry.kept.version
    },

    async get(principal, id) {
      const entry = entryOf(principal, id)
      const { changes } = entry
      const readAt = Date.now()
      try {
        const answer = await jobs.get(principal, id)
        const { ownerId, visibility, createdAt, version } = answer.value
        const { tenantId } = principal
        if (entry.changes === changes) {
          const { epoch } = answer
          entry.kept = {
            version: { tenantId, id, ownerId, visibility, createdAt, version, epoch },
            readAt,
          }
        }
        return answer
      } catch (error) {
        if (entry.kept === undefined) entries.delete(keyOf(entry))
        throw error
      }
    },

    changed(keys) {
      for (const key of keys) {
        const entry = entries.get(keyOf(key))
        if (entry === undefined) continue
        entry.changes += 1
        entry.kept = undefined
      }
    },

    async lookAgain() {
      if (isLooking) return
      isLooking = true
      dropOld()
      try {
        const known = [...entries.values()].filter(({ kept }) => kept !== undefined)
        for (let n = 0; n < known.length; n += keysPerRead)
          await readVersions(known.slice(n, n + keysPerRead))
      } catch (error) {
        logger.debug({ error }, 'looking at what is polled failed; whoever polls reads the row')
      }
      isLooking = false
    },

    forgetAll: () => entries.clear(),
    size: () => entries.size,
  }
}

function keyOf({ tenantId, id }: JobKey): string {
  return `${tenantId} ${id}`
}
