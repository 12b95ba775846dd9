import { useEffect } from 'react'
import { isSettled, type Job, type LonghaulClient } from '../../client/index.js'
import { useLatest } from './use-latest.js'

export interface OutcomeCallbacks {
  /** The job has completed. Called once for each time it settles, however many components ask. */
  readonly onComplete?: ((job: Job) => void) | undefined
  /** The job has failed. */
  readonly onError?:
    | ((error: { readonly code: string; readonly message: string }) => void)
    | undefined
}

/** Which settlements each client has told of, by callback kind. A page that shows a job twice is told once. */
const toldBy = new WeakMap<LonghaulClient, Set<string>>()

/** Tell of a job's outcome, from a settled state of the job and from nothing else. */
export function useOutcome(
  client: LonghaulClient,
  job: Job | undefined,
  callbacks: OutcomeCallbacks,
): void {
  const latest = useLatest(callbacks)
  const outcome =
    job !== undefined && isSettled(job.status) ? `${job.id} ${job.finishedAt}` : undefined
  useEffect(() => {
    if (job === undefined || outcome === undefined) return
    const { onComplete, onError } = latest.current
    // A component that does not want to know must not use up the news for one that does.
    if (job.status === 'completed' && onComplete !== undefined && isNewsTo(client, outcome)) {
      onComplete(job)
    }
    if (job.status === 'failed' && onError !== undefined && isNewsTo(client, outcome)) {
      onError(job.error)
    }
    // oxlint-disable-next-line react/exhaustive-deps -- the outcome stands for the job
  }, [client, outcome])
}

function isNewsTo(client: LonghaulClient, outcome: string): boolean {
  const told = toldBy.get(client) ?? new Set()
  toldBy.set(client, told)
  if (told.has(outcome)) return false
  told.add(outcome)
  return true
}
