'use client'
import { useEffect, useLayoutEffect, useRef } from 'react'
import {
  type QueryKey,
  useMutation,
  type UseMutationResult,
  useQueryClient,
} from '@tanstack/react-query'
import { isSettled, type Job, type JobError, type JobStatus } from '../client/index.js'
import { useJobStatus } from '../react/index.js'

export interface UseJobMutationOptions<Variables, Answer> {
  /** The app's own request that makes a job: `POST /ai/proxy`. */
  readonly mutationFn: (variables: Variables) => Promise<Answer>
  /** Where the answer names the job. */
  readonly jobIdOf: (answer: Answer) => string
  /** The queries that a completed job has made out of date: by its result's intent, for instance. */
  readonly invalidates?: (job: Job) => readonly QueryKey[]
  readonly onComplete?: (job: Job) => void
}

/** A mutation, and the job that it made. `isLoading` lasts until the job has settled. */
export type JobMutationResult<Variables, Answer> = Omit<
  UseMutationResult<Answer, Error, Variables>,
  'error'
> & {
  readonly job: Job | undefined
  readonly jobStatus: JobStatus | undefined
  /** 0 to 100. */
  readonly progress: number
  readonly isLoading: boolean
  readonly isJobComplete: boolean
  readonly isJobFailed: boolean
  /** Why the request or the job failed. */
  readonly error: Error | JobError | null
}

/**
 * One call that makes a job by a route of the app's own, follows it, and brings the app's queries up
 * to date when it has completed.
 *
 * @example
 * const proxy = useJobMutation({ mutationFn: askProxy, jobIdOf: ({ job_id }) => job_id, invalidates: () => [['tasks']] })
 */
export function useJobMutation<Variables, Answer>(
  options: UseJobMutationOptions<Variables, Answer>,
): JobMutationResult<Variables, Answer> {
  const { mutationFn, jobIdOf } = options
  const cache = useQueryClient()
  const mutation = useMutation({ mutationFn })
  const jobId = mutation.data === undefined ? null : jobIdOf(mutation.data)
  const { job, progress, error } = useJobStatus(jobId, { intervalMs: 2000 })
  const latest = useRef(options)
  const told = useRef('')
  useLayoutEffect(() => {
    latest.current = options
  })
  // Not useJobStatus's onComplete, which is for one listener: each mutation has queries of its own.
  useEffect(() => {
    const outcome = `${job?.id} ${job?.finishedAt}`
    if (job?.status !== 'completed' || told.current === outcome) return
    told.current = outcome
    for (const queryKey of latest.current.invalidates?.(job) ?? []) {
      void cache.invalidateQueries({ queryKey })
    }
    latest.current.onComplete?.(job)
  }, [job, cache])
  const isFollowed = jobId !== null && (job === undefined || !isSettled(job.status))
  return {
    ...mutation,
    job,
    jobStatus: job?.status,
    progress,
    isLoading: mutation.isPending || (isFollowed && error === null),
    isJobComplete: job?.status === 'completed',
    isJobFailed: job?.status === 'failed',
    error: mutation.error ?? error,
  }
}
