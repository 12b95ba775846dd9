'use client'
import { useEffect, useLayoutEffect, useRef } from 'react'
import type { JobError, JobStatus, LonghaulError } from '../../client/index.js'
import { useJobStatus } from './use-job-status.js'

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
 * The status of a request in the shape of a hand-made polling hook. It stops by itself once the job
 * has settled; while live delivery works nothing is polled at all.
 */
export function useRequestStatusPolling({
  requestId,
  intervalMs = 5000,
  onStatusChange,
  statusNames,
}: UseRequestStatusPollingOptions): RequestStatus {
  const { job, error } = useJobStatus(requestId, { intervalMs })
  const status = job === undefined ? null : (statusNames?.[job.status] ?? job.status)
  const latest = useRef(onStatusChange)
  const told = useRef('')
  useLayoutEffect(() => {
    latest.current = onStatusChange
  })
  useEffect(() => {
    const news = `${requestId} ${status}`
    if (status === null || told.current === news) return
    told.current = news
    latest.current?.(status)
  }, [requestId, status])
  return { status, error }
}
