'use client'
import { useCallback, useState } from 'react'
import type { Job, JobCounts, JobFilter } from '../../client/index.js'
import { useLonghaulClient } from '../longhaul-provider.js'
import { useJobsById } from './use-jobs-by-id.js'
import { useJobs } from './use-jobs.js'

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
  readonly filter: string
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
  const key = JSON.stringify([filter, limit])
  const [state, setState] = useState<OlderPage>()
  const [isReading, setIsReading] = useState(false)
  const [problem, setProblem] = useState('')
  const older = state?.filter === key ? state : undefined
  const olderJobs = useJobsById(older?.ids ?? noIds)

  const read = useCallback(
    async (trail: readonly string[], first: boolean): Promise<void> => {
      setProblem('')
      setIsReading(true)
      try {
        const cursors = first ? await fromNewest() : trail
        const cursor = cursors.at(-1)
        if (cursor === undefined) return setState(undefined)
        const answer = await client.jobs.list({ ...filter, limit, cursor })
        const ids = answer.jobs.map(({ id }) => id)
        setState({ filter: key, trail: cursors, ids, next: answer.nextCursor })
      } catch (error) {
        setProblem(error instanceof Error ? error.message : String(error))
      } finally {
        setIsReading(false)
      }

      /** The first page came as a window, which has no cursor. */
      async function fromNewest(): Promise<readonly string[]> {
        const { nextCursor } = await client.jobs.list({ ...filter, limit })
        return nextCursor === null ? [] : [nextCursor]
      }
    },
    // oxlint-disable-next-line react/exhaustive-deps -- the key stands for the filter and the limit
    [client, key],
  )

  const trail = older?.trail ?? noIds
  return {
    jobs: older === undefined ? newest.jobs : olderJobs,
    counts: newest.counts,
    page: trail.length + 1,
    isLoading: newest.isLoading || isReading,
    problem,
    hasNewer: older !== undefined,
    hasOlder: older === undefined ? newest.hasMore : older.next !== null,
    newer: () => read(trail.slice(0, -1), false),
    older: () =>
      older === undefined
        ? read([], true)
        : read([...trail, ...(older.next === null ? [] : [older.next])], false),
  }
}
