'use client'
import { useEffect, useState } from 'react'
import { isProposed, type Job, type WaitingFor } from '../../client/index.js'
import { useOptionalClient } from '../longhaul-provider.js'

/** A job that only waits for its turn has begun by then. */
const patienceMs = 2000
const againMs = 5000

/**
 * What keeps a queued job from being run, though its time has come. No version of the job says so, because
 * workers and pauses come and go beside it: so it is asked every few seconds, while it is queued.
 */
export function useWaitingFor(job: Job): WaitingFor | undefined {
  const client = useOptionalClient()
  const [answer, setAnswer] = useState<{ state: string; waitingFor: WaitingFor | undefined }>()
  const { id } = job
  const isQueued = job.status === 'queued' && !isProposed(job)
  const state = `${id} ${job.version}`
  useEffect(() => {
    if (client === undefined || !isQueued) return undefined
    let isCurrent = true
    let timer: ReturnType<typeof setTimeout>
    async function ask(): Promise<void> {
      const found = await client!.jobs
        .get(id, { include: ['waitingFor'] })
        // What is wrong with the job or the connection is said elsewhere.
        .catch(() => undefined)
      if (!isCurrent) return
      if (found !== undefined) setAnswer({ state, waitingFor: found.waitingFor ?? undefined })
      timer = setTimeout(() => void ask(), againMs)
    }
    timer = setTimeout(() => void ask(), patienceMs)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [client, id, state, isQueued])
  return isQueued && answer?.state === state ? answer.waitingFor : undefined
}
