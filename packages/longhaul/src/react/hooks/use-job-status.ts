'use client'
import { useEffect } from 'react'
import type { Job, JobError, LonghaulError } from '../../client/index.js'
import { useLonghaulClient } from '../longhaul-provider.js'
import { useJob } from './use-job.js'
import { type OutcomeCallbacks, useOutcome } from './use-outcome.js'

export interface UseJobStatusOptions extends OutcomeCallbacks {
  /** How often to ask while live delivery does not work, in milliseconds. */
  readonly intervalMs?: number
}

export interface JobStatusResult {
  readonly job: Job | undefined
  readonly isComplete: boolean
  /** 0 to 100. */
  readonly progress: number
  /** Why the job failed, or why it cannot be shown. */
  readonly error: JobError | LonghaulError | null
  /** True until the job is known. */
  readonly isLoading: boolean
  cancel(options?: { readonly reason?: string }): Promise<void>
  retry(): Promise<void>
}

/**
 * The state of a job in the shape of a hand-made polling hook: the way from one of those to
 * {@link useJob}. Nothing is polled while live delivery works. Without it a job that has settled is asked
 * for, too: it can be retried.
 */
export function useJobStatus(
  jobId: string | null | undefined,
  { intervalMs, ...callbacks }: UseJobStatusOptions = {},
): JobStatusResult {
  const client = useLonghaulClient()
  const { status, job, error, cancel, retry } = useJob(jobId)
  useOutcome(client, job, callbacks)
  useEffect(
    () => (intervalMs === undefined ? undefined : client.connection.preferPolling(intervalMs)),
    [client, intervalMs],
  )
  return {
    job,
    isComplete: status === 'completed',
    progress: job?.progress ?? 0,
    error,
    isLoading: status === 'loading',
    cancel,
    retry,
  }
}
