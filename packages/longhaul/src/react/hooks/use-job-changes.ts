import { useEffect, useRef } from 'react'
import type { Job } from '../../client/index.js'
import { useLatest } from './use-latest.js'

export interface LiveJobs {
  readonly jobs: readonly Job[]
  readonly isLoading: boolean
  /** Stands for what is looked at: with another one it is looked at for the first time again. */
  readonly key?: string
}

/**
 * Called for each job of a window that has changed since the window was first known. What it held then
 * is no news, and neither is a job that came into view by itself, because newer ones were deleted.
 */
export function useJobChanges(
  { jobs, isLoading, key = '' }: LiveJobs,
  onChange: (job: Job, before: Job | undefined) => void,
): void {
  const seen = useRef<{ readonly key: string; readonly jobs: ReadonlyMap<string, Job> }>(undefined)
  const latest = useLatest(onChange)
  useEffect(() => {
    // Of whoever has signed in now, or of another filter, all of it is known for the first time.
    if (isLoading) {
      seen.current = undefined
      return
    }
    const before = seen.current?.key === key ? seen.current.jobs : undefined
    seen.current = { key, jobs: new Map(jobs.map((job) => [job.id, job])) }
    if (before === undefined) return
    for (const job of jobs) {
      const known = before.get(job.id)
      if (known === job || (known === undefined && !isNewer(job, before))) continue
      latest.current(job, known)
    }

    function isNewer({ createdAt }: Job, than: ReadonlyMap<string, Job>): boolean {
      return jobs.every((other) => !than.has(other.id) || other.createdAt <= createdAt)
    }
  }, [jobs, isLoading, key, latest])
}
