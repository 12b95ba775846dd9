'use client'
import { useEffect, useState } from 'react'
import { isProposed, type Job, LonghaulError, type WaitingFor } from '../../client/index.js'
import { useOptionalClient } from '../longhaul-provider.js'

/** A job that only waits for its turn has begun by then. */
const patienceMs = 2000
const againMs = 5000
/** Timers that are to wait for longer than 24 days do not wait at all. */
const longestMs = 24 * 86_400_000

/**
 * What keeps a queued job from being run, though its time has come. No version of the job says so, because
 * workers and pauses come and go beside it: so from then on it is asked every few seconds, while it is queued.
 */
export function useWaitingFor(job: Job): WaitingFor | undefined {
  const client = useOptionalClient()
  const [answer, setAnswer] = useState<{ state: string; waitingFor: WaitingFor | undefined }>()
  const { id, runAt } = job
  const isQueued = job.status === 'queued' && !isProposed(job)
  const state = `${id} ${job.version}`
  useEffect(() => {
    if (client === undefined || !isQueued) return undefined
    let isCurrent = true
    let timer: ReturnType<typeof setTimeout>
    async function ask(): Promise<void> {
      try {
        const { waitingFor } = await client!.jobs.get(id, { include: ['waitingFor'] })
        if (isCurrent) setAnswer({ state, waitingFor: waitingFor ?? undefined })
      } catch (error) {
        // What is wrong with the job or the connection is said elsewhere. Whoever is not signed in is told no more.
        if (LonghaulError.is(error, 'unauthenticated')) return
      }
      if (isCurrent) timer = setTimeout(() => void ask(), againMs)
    }
    const dueMs = Math.max(0, Date.parse(runAt) - Date.now()) + patienceMs
    timer = setTimeout(() => void ask(), Math.min(dueMs, longestMs))
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [client, id, runAt, state, isQueued])
  return isQueued && answer?.state === state ? answer.waitingFor : undefined
}
