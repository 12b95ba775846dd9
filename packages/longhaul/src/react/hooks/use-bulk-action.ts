'use client'
import { useCallback, useState } from 'react'
import { isSettled, type Job } from '../../client/index.js'
import { useLonghaulClient } from '../longhaul-provider.js'
import { reasonOf } from '../messages/reason-of.js'

export type BulkActionName = 'cancel' | 'retry'

export interface BulkOutcome {
  readonly action: BulkActionName
  /** Ids of the jobs with which it worked. */
  readonly done: readonly string[]
  readonly failed: readonly { readonly job: Job; readonly problem: string }[]
}

export interface BulkAction {
  /** Act on all of these jobs that allow it. What failed with one does not stop the others. */
  run(action: BulkActionName, jobs: readonly Job[]): Promise<BulkOutcome>
  /** The action that is under way. */
  readonly pending: BulkActionName | undefined
  readonly outcome: BulkOutcome | undefined
  dismiss(): void
}

/** So many requests at once: a browser has six connections to a server, and others need some. */
const atOnce = 4

/** Whether an action makes sense for a job now. */
export function allows(action: BulkActionName, { status }: Job): boolean {
  return action === 'cancel' ? !isSettled(status) : status === 'failed' || status === 'cancelled'
}

/** Cancel or retry many jobs, and tell which of them could not be. */
export function useBulkAction(): BulkAction {
  const client = useLonghaulClient()
  const [pending, setPending] = useState<BulkActionName>()
  const [outcome, setOutcome] = useState<BulkOutcome>()
  const run = useCallback(
    async (action: BulkActionName, jobs: readonly Job[]): Promise<BulkOutcome> => {
      setPending(action)
      setOutcome(undefined)
      const left = jobs.filter((job) => allows(action, job))
      const done: string[] = []
      const failed: { job: Job; problem: string }[] = []
      async function next(): Promise<void> {
        for (let job = left.shift(); job !== undefined; job = left.shift()) {
          try {
            await client.jobs[action](job.id)
            done.push(job.id)
          } catch (error) {
            failed.push({ job, problem: reasonOf(error) })
          }
        }
      }
      await Promise.all(Array.from({ length: atOnce }, next))
      const result = { action, done, failed }
      setPending(undefined)
      setOutcome(result)
      return result
    },
    [client],
  )
  return { run, pending, outcome, dismiss: () => setOutcome(undefined) }
}
