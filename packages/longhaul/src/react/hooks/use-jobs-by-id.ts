'use client'
import { useCallback, useRef, useSyncExternalStore } from 'react'
import type { Job } from '../../client/index.js'
import { useLonghaulClient } from '../longhaul-provider.js'

const none: readonly Job[] = []

/** Several jobs by their ids, live, in the same order. Those that are not known are left out. */
export function useJobsById(ids: readonly string[]): readonly Job[] {
  const client = useLonghaulClient()
  const last = useRef(none)
  const key = ids.join()
  const subscribe = useCallback(
    (listener: () => void) => {
      const stops = idsOf(key).map((id) => client.job(id).subscribe(listener))
      return () => {
        for (const stop of stops) stop()
      }
    },
    [client, key],
  )
  const read = (): readonly Job[] => {
    const jobs = idsOf(key).flatMap((id) => client.job(id).getSnapshot().job ?? [])
    const isSame =
      jobs.length === last.current.length && jobs.every((job, n) => job === last.current[n])
    if (!isSame) last.current = jobs
    return last.current
  }
  return useSyncExternalStore(subscribe, read, () => none)
}

function idsOf(key: string): string[] {
  return key === '' ? [] : key.split(',')
}
