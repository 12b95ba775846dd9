'use client'
import { useEffect } from 'react'
import { isSettled, type Job, type JobFilter, type JobStatus } from '../../client/index.js'
import { useJobChanges } from '../hooks/use-job-changes.js'
import { useJobs } from '../hooks/use-jobs.js'
import { useLatest } from '../hooks/use-latest.js'
import { useLonghaulClient } from '../longhaul-provider.js'
import type { MessageChanges } from '../messages/messages.js'
import { reasonOf } from '../messages/reason-of.js'
import { useMessages } from '../messages/use-messages.js'
import type { JobToast, ShowToast } from './job-toast.js'

export interface UseJobToastsOptions {
  /** Shows a toast with the app's own library: `fromSonner(toast)`, or a function of your own. */
  readonly show: ShowToast
  readonly filter?: Omit<JobFilter, 'status'>
  /** What a job is called. */
  readonly labelOf?: (job: Job) => string
  /**
   * Which ends are worth a toast. A cancellation is something that somebody has just asked for.
   *
   * @defaultValue ['completed', 'failed']
   */
  readonly statuses?: readonly JobStatus[]
  /** A button in the toast: "Show". */
  readonly action?: { readonly label: string; readonly run: (job: Job) => void }
  readonly messages?: MessageChanges
}

const endings: readonly JobStatus[] = ['completed', 'failed']
const allJobs = {}
const watched = 50

/**
 * A toast for each job that settles while the app is open: once, whichever page is shown and however
 * many tabs there are. It is shown in the tab that is looked at. What had settled before is not news.
 *
 * @example
 * useJobToasts({ show: fromSonner(toast), labelOf: (job) => `Trip to ${job.input.destination}` })
 */
export function useJobToasts(options: UseJobToastsOptions): void {
  const { tabs, jobs: api } = useLonghaulClient()
  const messages = useMessages(options.messages)
  const { jobs, isLoading } = useJobs(options.filter ?? allJobs, { limit: watched })
  const latest = useLatest({ ...options, tabs })

  useEffect(() => tabs.join(), [tabs])
  async function tell(job: Job): Promise<void> {
    const id = `${job.id} ${settlementOf(job)}`
    const isOurs = await tabs.claim(`toast ${id}`)
    // Somebody else may have signed in before this tab was looked at.
    if (isOurs && latest.current.tabs === tabs) latest.current.show(toastOf(job, id))
  }

  function toastOf(job: Job, id: string): JobToast {
    const { labelOf = messages.jobTitle, action } = latest.current
    const toast = { id, job, title: labelOf(job) }
    const own = action && { label: action.label, run: () => action.run(job) }
    return job.status === 'failed'
      ? failureOf(toast, messages.failure(job.error), own)
      : {
          ...toast,
          kind: job.status === 'completed' ? 'success' : 'info',
          description: messages.statuses[job.status],
          action: own,
        }
  }

  function failureOf(
    toast: Pick<JobToast, 'id' | 'job' | 'title'>,
    description: string | undefined,
    action?: JobToast['action'],
  ): JobToast {
    const run = (): void => {
      // One that cannot be started again says so where the button was.
      api.retry(toast.job.id).catch((error: unknown) => {
        latest.current.show(failureOf({ ...toast, id: `${toast.id} retry` }, reasonOf(error)))
      })
    }
    const retry = { label: messages.retry, run }
    return { ...toast, kind: 'error', description, action: action ?? retry }
  }

  useJobChanges({ jobs, isLoading, key: JSON.stringify(options.filter) }, (job, before) => {
    const settlement = settlementOf(job)
    if (settlement === '' || (before !== undefined && settlementOf(before) === settlement)) return
    const { statuses = endings } = options
    if (statuses.includes(job.status)) void tell(job)
  })
}

/** Empty until the job has settled; another one each time that it does. */
function settlementOf({ status, finishedAt }: Job): string {
  return isSettled(status) ? `${status} ${finishedAt}` : ''
}
