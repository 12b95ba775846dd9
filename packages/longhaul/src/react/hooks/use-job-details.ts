'use client'
import { useEffect, useRef, useState } from 'react'
import { isProposed, type Job, type JobDetails } from '../../client/index.js'
import { useOptionalClient } from '../longhaul-provider.js'

export interface UseJobDetailsOptions {
  /** @defaultValue true */
  readonly enabled?: boolean
}

/** Each version of a job may have another step; more often than this nobody reads them. */
const apartMs = 2000

/**
 * A job with its steps, failed attempts and cancellations, asked for again when the job has changed.
 * `undefined` until they are known, and always without a provider.
 */
export function useJobDetails(
  job: Job,
  { enabled = true }: UseJobDetailsOptions = {},
): JobDetails | undefined {
  const client = useOptionalClient()
  const [details, setDetails] = useState<JobDetails>()
  const asked = useRef({ state: '', atMs: 0 })
  const answered = useRef(0)
  const isWanted = enabled && !isProposed(job)
  const { id } = job
  const state = `${id} ${job.version}`
  useEffect(() => {
    if (client === undefined || !isWanted || asked.current.state === state) return undefined
    const timer = setTimeout(
      () => {
        const atMs = Date.now()
        asked.current = { state, atMs }
        client.jobs.get(id, { include: ['steps', 'attempts', 'cancellations'] }).then(
          (answer) => {
            // Also when there is a newer version by now: of a job that keeps changing there always is.
            if (atMs < answered.current) return undefined
            answered.current = atMs
            return setDetails(answer)
          },
          // The job itself says what is wrong with it; its details stay as they were.
          () => undefined,
        )
      },
      Math.max(0, asked.current.atMs + apartMs - Date.now()),
    )
    return () => clearTimeout(timer)
  }, [client, id, state, isWanted])
  return details?.id === id ? details : undefined
}
