'use client'
import { useCallback, useMemo, useState } from 'react'
import type { Job, JobCounts, JobFilter } from '../../client/index.js'
import { useLonghaulClient } from '../longhaul-provider.js'
import { reasonOf } from '../messages/reason-of.js'
import { useJobsById } from './use-jobs-by-id.js'
import { useJobs } from './use-jobs.js'
import { useLatest } from './use-latest.js'

export interface UseJobPagesOptions {
  /**
   * Jobs on a page, at most 200.
   *
   * @defaultValue 20
   */
  readonly limit?: number
}

export interface JobPages {
  /** Of this page, newest first. */
  readonly jobs: readonly Job[]
  /** How many jobs of the filter, leaving its status aside, are in each status. */
  readonly counts: JobCounts | undefined
  /** From 1. Jobs enter the first page by themselves; on all pages they change. */
  readonly page: number
  readonly isLoading: boolean
  /** Why another page could not be read, in a sentence. */
  readonly problem: string
  readonly hasNewer: boolean
  readonly hasOlder: boolean
  newer(): Promise<void>
  older(): Promise<void>
}

interface OlderPage {
  readonly query: JobFilter
  /** The cursors of the second page and those after it, up to this one. */
  readonly trail: readonly string[]
  readonly ids: readonly string[]
  readonly next: string | null
}

const noIds: readonly string[] = []

/**
 * All jobs of a filter, page by page. Pages are found by where the one before ended, not by counting,
 * so that new jobs push none over an edge.
 */
export function useJobPages(
  filter: JobFilter = {},
  { limit = 20 }: UseJobPagesOptions = {},
): JobPages {
  const client = useLonghaulClient()
  const newest = useJobs(filter, { limit })
  // oxlint-disable-next-line react/exhaustive-deps -- the same object for as long as it asks for the same jobs
  const query = useMemo(() => ({ ...filter, limit }), [client, JSON.stringify(filter), limit])
  const latest = useLatest(query)
  const [state, setState] = useState<OlderPage>()
  const [isReading, setIsReading] = useState(false)
  const [problem, setProblem] = useState('')
  const older = state?.query === query ? state : undefined
  const olderJobs = useJobsById(older?.ids ?? noIds)

  const read = useCallback(
    async (trail?: readonly string[]): Promise<void> => {
      setProblem('')
      setIsReading(true)
      try {
        // The first page came as a window, which has no cursor, and no most of bytes, at which pages of the API end.
        let cursor: string | null | undefined = trail?.at(-1)
        for (let left = trail ? 0 : query.limit; left > 0 && cursor !== null;) {
          const part = await client.jobs.list({ ...query, limit: left, cursor })
          left -= part.jobs.length
          cursor = part.nextCursor
        }
        if (!cursor) return setState(undefined)
        const answer = await client.jobs.list({ ...query, cursor })
        const ids = answer.jobs.map(({ id }) => id)
        // By now something else may be asked for, and have been answered.
        if (latest.current === query)
          setState({ query, trail: trail ?? [cursor], ids, next: answer.nextCursor })
      } catch (error) {
        setProblem(reasonOf(error))
      } finally {
        setIsReading(false)
      }
    },
    [client, query, latest],
  )

  const trail = older?.trail ?? noIds
  return {
    jobs: older ? olderJobs : newest.jobs,
    counts: newest.counts,
    page: trail.length + 1,
    isLoading: newest.isLoading || isReading,
    problem,
    hasNewer: older !== undefined,
    // A window holds no more than it can: that `useJobs` then has no more to show is not the end of the jobs.
    hasOlder: older
      ? older.next !== null
      : client.window(filter, limit).getSnapshot().window?.hasMore === true,
    newer: () => read(trail.slice(0, -1)),
    older: () => read(older && [...trail, ...(older.next === null ? [] : [older.next])]),
  }
}
