'use client'
import { useCallback, useState } from 'react'
import type { Job, JobCounts, JobFilter, WindowSnapshot } from '../../client/index.js'
import { useLonghaulClient } from '../longhaul-provider.js'
import { useObservable } from './use-observable.js'

export interface UseJobsOptions {
  /**
   * How many jobs at first, and how many more each time. At most 200 are held.
   *
   * @defaultValue 20
   */
  readonly limit?: number
  /** @defaultValue true */
  readonly enabled?: boolean
}

export interface JobsResult {
  /** Newest first. */
  readonly jobs: readonly Job[]
  /** How many jobs of the filter, leaving its status aside, are in each status. */
  readonly counts: JobCounts | undefined
  readonly isLoading: boolean
  readonly hasMore: boolean
  loadMore(): void
}

const most = 200
const idle: WindowSnapshot = { window: undefined, jobs: [] }

/**
 * The newest jobs of a filter, live: jobs enter, change and leave by themselves.
 *
 * @example
 * const { jobs, counts } = useJobs({ type: ['ai_trip_generation'] })
 */
export function useJobs(
  filter: JobFilter = {},
  { limit = 20, enabled = true }: UseJobsOptions = {},
): JobsResult {
  const client = useLonghaulClient()
  const [more, setMore] = useState(0)
  const size = Math.min(most, limit + more)
  const observable = enabled ? client.window(filter, size) : undefined
  const { window, jobs } = useObservable(observable, idle)
  const loadMore = useCallback(() => setMore((before) => Math.min(most, before + limit)), [limit])
  return {
    jobs,
    counts: window?.counts,
    isLoading: enabled && window === undefined,
    hasMore: window?.hasMore === true && size < most,
    loadMore,
  }
}
