'use client'
import { useMemo } from 'react'
import type { JobError, JobOf, JobTypeName, Json } from '../../core/index.js'
import {
  type Job,
  type JobSnapshot,
  LonghaulError,
  type RetryJobOptions,
} from '../../client/index.js'
import { useLonghaulClient } from '../longhaul-provider.js'
import { useObservable } from './use-observable.js'

interface JobActions {
  /** Cancel the job. Rejects with the server's error. */
  cancel(options?: { readonly reason?: string }): Promise<void>
  /** Start a failed or cancelled job again; its finished steps are kept. Secrets that it had are to be given again. */
  retry(options?: RetryJobOptions): Promise<void>
  /** Send a signal to the handler, which waits for it with `waitForSignal`. */
  signal(name: string, payload?: Json): Promise<void>
}

/**
 * A job as a component sees it: discriminated by `status`, which beside the job's own statuses can
 * be `idle` (no id was given), `loading` and `not_found`.
 */
export type JobView<J extends Job = Job> = JobActions &
  (
    | { readonly status: 'idle' | 'loading'; readonly job: undefined; readonly error: null }
    | { readonly status: 'not_found'; readonly job: undefined; readonly error: LonghaulError }
    | KnownView<J>
  )

type KnownView<J extends Job> = J extends Job
  ? { readonly status: J['status']; readonly job: J; readonly error: JobError | null }
  : never

const idle: JobSnapshot = { state: 'loading', job: undefined }

/**
 * The live state of a job. Components that show the same job share one watch, which ends a moment
 * after the last of them has gone.
 *
 * @param id no id, no watch: the view is `idle`
 * @example
 * const view = useJob<'ai_trip_generation'>(id)
 * if (view.status === 'completed') return <Plan plan={view.job.result} />
 */
export function useJob(id: string | null | undefined): JobView
export function useJob<Type extends JobTypeName>(
  id: string | null | undefined,
): JobView<JobOf<Type>>
export function useJob(id: string | null | undefined): JobView {
  const client = useLonghaulClient()
  const observable = id === null || id === undefined ? undefined : client.job(id)
  const snapshot = useObservable(observable, idle)
  return useMemo(() => {
    const actions: JobActions = {
      cancel: async (options) => void (id && (await client.jobs.cancel(id, options))),
      retry: async (options) => void (id && (await client.jobs.retry(id, options))),
      signal: async (name, payload) => void (id && (await client.jobs.signal(id, name, payload))),
    }
    return { ...actions, ...viewOf(snapshot, id) } as JobView
  }, [client, id, snapshot])
}

function viewOf(
  snapshot: JobSnapshot,
  id: string | null | undefined,
): Omit<JobView, keyof JobActions> {
  if (id === null || id === undefined) return { status: 'idle', job: undefined, error: null }
  if (snapshot.state === 'loading') return { status: 'loading', job: undefined, error: null }
  if (snapshot.state === 'gone') {
    return { status: 'not_found', job: undefined, error: snapshot.reason ?? notFound }
  }
  return { status: snapshot.job.status, job: snapshot.job, error: snapshot.job.error }
}

const notFound = new LonghaulError(
  'job_not_found',
  'There is no such job, or it is not yours to see.',
)
