'use client'
import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { useEffect } from 'react'
import { isSettled, type Job, LonghaulError } from '../client/index.js'
import { useLonghaulClient } from '../react/index.js'

export interface UseJobQueryOptions {
  /**
   * How often to ask while live delivery does not work, in milliseconds.
   *
   * @defaultValue 2000
   */
  readonly intervalMs?: number
}

/** Where a job lies in the query cache. */
export function jobKey(id: string): readonly ['longhaul', 'job', string] {
  return ['longhaul', 'job', id]
}

/**
 * A job in TanStack Query's cache, kept up to date by live delivery. While that does not work it is
 * asked for at the interval, until it has settled. What the server refused is not asked for again.
 *
 * @param id no id, no query
 */
export function useJobQuery(
  id: string | null | undefined,
  { intervalMs = 2000 }: UseJobQueryOptions = {},
): UseQueryResult<Job> {
  const client = useLonghaulClient()
  const cache = useQueryClient()
  useEffect(() => {
    if (id === null || id === undefined) return undefined
    const observable = client.job(id)
    return observable.subscribe(() => {
      const { job, state } = observable.getSnapshot()
      const queryKey = jobKey(id)
      if (job !== undefined) cache.setQueryData(queryKey, job)
      // What is there no longer is asked for once more, and is then an error.
      else if (state === 'gone' && cache.getQueryData(queryKey) !== undefined)
        void cache.invalidateQueries({ queryKey, exact: true })
    })
  }, [client, cache, id])
  return useQuery({
    queryKey: jobKey(id ?? ''),
    queryFn: async (): Promise<Job> => {
      const answer = await client.jobs.get(id!)
      // What live delivery has said meanwhile may be newer.
      return client.job(id!).getSnapshot().job ?? answer
    },
    enabled: id !== null && id !== undefined,
    refetchInterval: ({ state }) => {
      const isDone = state.data !== undefined && isSettled(state.data.status)
      const isLive = client.connection.getSnapshot().state === 'live'
      return isDone || isLive || state.status === 'error' ? false : intervalMs
    },
    retry: (failures, error) => failures < 3 && LonghaulError.is(error) && error.retryable,
  })
}
