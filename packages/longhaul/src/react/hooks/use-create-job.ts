'use client'
import { useCallback, useRef, useState } from 'react'
import type { InputOf, JobOf, JobTypeName } from '../../core/index.js'
import {
  type CreateJobOptions,
  isSettled,
  type Job,
  type JobError,
  LonghaulError,
  type RetryJobOptions,
} from '../../client/index.js'
import { useLonghaulClient } from '../longhaul-provider.js'
import { useJob } from './use-job.js'
import { type OutcomeCallbacks, useOutcome } from './use-outcome.js'

interface CreateJobState<J> {
  /** The job that was created last: at once, also before the server has answered. */
  readonly job: J | undefined
  /** Its id, at once. */
  readonly jobId: string | undefined
  /** 0 to 100. */
  readonly progress: number
  /** True from the call of `createJob` until the job has settled, or is gone. */
  readonly isLoading: boolean
  readonly isComplete: boolean
  /** Why it could not be created, or why it failed. */
  readonly error: JobError | LonghaulError | null
  cancel(options?: { readonly reason?: string }): Promise<void>
  retry(options?: RetryJobOptions): Promise<void>
  /** Forget the job, to begin with an empty form. The job goes on. */
  reset(): void
}

/** `createJob` when the type was given to the hook. */
export interface UseCreateJobOfType<Type extends string> extends CreateJobState<JobOf<Type>> {
  createJob(input: InputOf<Type>, options?: CreateJobOptions): Promise<Job | undefined>
}

/** `createJob` when the type is given with each call. */
export interface UseCreateJob extends CreateJobState<Job> {
  createJob<Type extends JobTypeName>(
    type: Type,
    input: InputOf<Type>,
    options?: CreateJobOptions,
  ): Promise<Job | undefined>
}

/**
 * Create a job and follow it. `job` is there at once, so that its card can be shown before the server
 * has answered; if that refuses, the job is taken away again and `error` says why. `createJob` never
 * rejects: it resolves with `undefined` then.
 *
 * @example
 * const { createJob, job, progress, error } = useCreateJob('summarise', { onComplete: show })
 * <button onClick={() => createJob({ url })}>Summarise</button>
 */
export function useCreateJob<Type extends JobTypeName>(
  type: Type,
  callbacks?: OutcomeCallbacks,
): UseCreateJobOfType<Type>
export function useCreateJob(callbacks?: OutcomeCallbacks): UseCreateJob
export function useCreateJob(
  first?: string | OutcomeCallbacks,
  second: OutcomeCallbacks = {},
): UseCreateJobOfType<string> | UseCreateJob {
  const [type, callbacks] = typeof first === 'string' ? [first, second] : [undefined, first ?? {}]
  const client = useLonghaulClient()
  const [jobId, setJobId] = useState<string>()
  const [createError, setCreateError] = useState<LonghaulError | null>(null)
  const [isCreating, setIsCreating] = useState(false)
  const latestId = useRef<string>(undefined)
  const { job, error, cancel, retry } = useJob(jobId)
  useOutcome(client, job, callbacks)

  const createJob = useCallback(
    async (...args: unknown[]): Promise<Job | undefined> => {
      const [jobType, input, options] = (type === undefined ? args : [type, ...args]) as [
        JobTypeName,
        never,
        CreateJobOptions | undefined,
      ]
      const id = options?.id ?? client.newJobId()
      latestId.current = id
      setJobId(id)
      setCreateError(null)
      setIsCreating(true)
      // A second call supersedes the first: what that one still answers is not shown.
      const isLatest = (): boolean => latestId.current === id
      try {
        const created = await client.jobs.create(jobType, input, { ...options, id })
        if (isLatest()) setJobId(created.id)
        return created
      } catch (thrown) {
        if (isLatest()) {
          setJobId(undefined)
          setCreateError(asLonghaulError(thrown))
        }
        return undefined
      } finally {
        if (isLatest()) setIsCreating(false)
      }
    },
    [client, type],
  )

  const reset = useCallback(() => {
    latestId.current = undefined
    setJobId(undefined)
    setCreateError(null)
    setIsCreating(false)
  }, [])

  return {
    createJob,
    job,
    jobId,
    progress: job?.progress ?? 0,
    isLoading: isCreating || (jobId !== undefined && !(job ? isSettled(job.status) : error)),
    isComplete: job?.status === 'completed',
    error: createError ?? (isCreating ? null : error),
    cancel,
    retry,
    reset,
  } as UseCreateJobOfType<string> | UseCreateJob
}

function asLonghaulError(thrown: unknown): LonghaulError {
  if (LonghaulError.is(thrown)) return thrown
  return new LonghaulError('internal', 'The job could not be created.', { cause: thrown })
}
