'use client'
import { useEffect, useRef } from 'react'
import type { JobError, JobStatus, LonghaulError } from '../../client/index.js'
import { useJobStatus } from './use-job-status.js'
import { useLatest } from './use-latest.js'

/** The words that an app already has for the statuses: `{ queued: 'pending', running: 'in_progress' }`. */
export type StatusNames = Partial<Readonly<Record<JobStatus, string>>>

export interface UseRequestStatusPollingOptions {
  /** No id: idle. */
  readonly requestId: string | null | undefined
  /**
   * How often to ask while live delivery does not work, in milliseconds.
   *
   * @defaultValue 5000
   */
  readonly intervalMs?: number
  /** Called with every status, the first one too. */
  readonly onStatusChange?: (status: string) => void
  readonly statusNames?: StatusNames
}

export interface RequestStatus {
  /** `null` until it is known. */
  readonly status: string | null
  readonly error: JobError | LonghaulError | null
}

/**
 * The status of a request in the shape of a hand-made polling hook. Nothing is polled while live delivery
 * works. Without it a request that has settled is asked for, too: it can be retried.
 */
export function useRequestStatusPolling({
  requestId,
  intervalMs = 5000,
  onStatusChange,
  statusNames,
}: UseRequestStatusPollingOptions): RequestStatus {
  const { job, error } = useJobStatus(requestId, { intervalMs })
  const status = job === undefined ? null : (statusNames?.[job.status] ?? job.status)
  const latest = useLatest(onStatusChange)
  const told = useRef('')
  useEffect(() => {
    const news = `${requestId} ${status}`
    if (status === null || told.current === news) return
    told.current = news
    latest.current?.(status)
  }, [requestId, status, latest])
  return { status, error }
}
