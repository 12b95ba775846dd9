import { useCallback, useState } from 'react'
import { type JobToast, useJobToasts } from 'longhaul/react'
import { jobAddress, jobLabel, wordsOf } from '../jobs/job-words.js'
import { addressOf } from '../shell/use-place.js'

export interface UseToasts {
  /** The oldest first. */
  readonly toasts: readonly JobToast[]
  dismiss(id: string): void
}

const most = 4

/** What has become of jobs, for somebody who is not looking at their pages. */
export function useToasts(): UseToasts {
  const [toasts, setToasts] = useState<readonly JobToast[]>([])
  const dismiss = useCallback(
    (id: string) => setToasts((shown) => shown.filter((each) => each.id !== id)),
    [],
  )
  useJobToasts({
    labelOf: jobLabel,
    show(toast) {
      if (isLookedAt(toast)) return
      setToasts((shown) => [...shown.filter(({ id }) => id !== toast.id), toast].slice(-most))
    },
  })
  return { toasts, dismiss }
}

function isLookedAt({ job }: JobToast): boolean {
  if (wordsOf(job)?.isToldThere === true) return false
  return [jobAddress(job), addressOf('jobs', job.id)].includes(location.hash)
}
