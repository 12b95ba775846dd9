'use client'
import { isSettled, type Job, type JobFilter } from '../../client/index.js'
import { useClearedBefore } from './use-cleared-before.js'
import { useJobs } from './use-jobs.js'

export interface UseJobActivityOptions {
  /** Which jobs; all statuses are looked at. */
  readonly filter?: Omit<JobFilter, 'status'> | undefined
  /**
   * How many finished jobs are shown at most.
   *
   * @defaultValue 10
   */
  readonly limit?: number | undefined
  /**
   * Where the browser remembers what was cleared away. Another one for each user, if several share a browser.
   *
   * @defaultValue 'longhaul.cleared'
   */
  readonly storageKey?: string | undefined
}

export interface JobActivity {
  /** Queued, running and waiting, newest first. */
  readonly active: readonly Job[]
  /** How many there are of them, also beyond those in `active`. */
  readonly activeCount: number
  /** Settled since they were last cleared away. */
  readonly finished: readonly Job[]
  readonly isLoading: boolean
  /** Take the finished ones out of sight. The jobs stay. */
  clearFinished(): void
}

/** What is going on, and what is finished and not cleared away yet: what `ActivityIndicator` shows. */
export function useJobActivity({
  filter = allJobs,
  limit = 10,
  storageKey = 'longhaul.cleared',
}: UseJobActivityOptions = {}): JobActivity {
  const running = useJobs({ ...filter, status: ['queued', 'running', 'waiting'] })
  const settled = useJobs({ ...filter, status: ['completed', 'failed', 'cancelled'] }, { limit })
  const [clearedBefore, clear] = useClearedBefore(storageKey)
  const active = running.jobs.filter(({ status }) => !isSettled(status))
  const finished = settled.jobs.filter((job) => finishedAt(job) > clearedBefore)
  const { queued = 0, running: atWork = 0, waiting = 0 } = running.counts ?? {}
  return {
    active,
    activeCount: Math.max(active.length, queued + atWork + waiting),
    finished,
    isLoading: running.isLoading || settled.isLoading,
    // By the server's clock, which says when they finished.
    clearFinished: () => clear(Math.max(clearedBefore, ...finished.map(finishedAt))),
  }
}

const allJobs = {}

function finishedAt(job: Job): number {
  return job.finishedAt === null ? 0 : Date.parse(job.finishedAt)
}
