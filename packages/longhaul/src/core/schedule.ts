import type { JobError } from './job.js'

/** What becomes of times at which no process was there to make a job. */
export type MissedTicks = 'skip' | 'once' | 'all'

/** Makes a job at each time of a cron expression. */
export interface Schedule<Input = unknown> {
  /** A name, unique among its owner's schedules. */
  readonly id: string
  readonly ownerId: string
  readonly type: string
  readonly input: Input
  readonly priority: number
  readonly tags: readonly string[]
  /** Five fields, or six with seconds first; or `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`. */
  readonly cron: string
  /** An IANA name. */
  readonly timeZone: string
  readonly missed: MissedTicks
  readonly paused: boolean
  readonly nextAt: string
  /** The last time for which a job was made. */
  readonly lastAt: string | null
  /** Why the last time made none; null when it did. */
  readonly lastError: JobError | null
  readonly createdAt: string
  readonly updatedAt: string
}
