import { LonghaulError } from '../core/index.js'
import type { Http, HttpRequest } from './http.js'
import type { JobStore } from './job-store.js'
import type { Later } from './later.js'
import type { JobDetails } from './longhaul-client.js'

/** A request that answers with one job, which the store then knows. */
export type AskForJob = (request: HttpRequest) => Promise<JobDetails>

export function createAskForJob(http: Http, store: JobStore): AskForJob {
  return async (request) => {
    const mark = store.mark()
    const { epoch, ...details } = await http.ask<JobDetails & { readonly epoch: string }>(request)
    const { steps: _, attempts: __, cancellations: ___, waitingFor: ____, ...job } = details
    store.applyAnswer({ jobs: [job], epoch }, mark)
    return details
  }
}

const retries = 5

/**
 * What the store lacks, asked for once at a time. That it is needed may be said only once: what got no
 * answer is asked for again, and so is what changed after it was asked for.
 */
export function createNeededJobs(
  ask: AskForJob,
  store: JobStore,
  later: Pick<Later, 'after'>,
): (id: string) => void {
  /** What is being asked for, and whether it has been needed anew since. */
  const needed = new Map<string, boolean>()

  async function fetchNeeded(id: string, tries = 0): Promise<void> {
    if (needed.has(id)) return void needed.set(id, true)
    do {
      needed.set(id, false)
      try {
        await ask({ method: 'GET', path: `/jobs/${encodeURIComponent(id)}` })
      } catch (error) {
        if (LonghaulError.is(error, 'job_not_found')) store.remove(id)
        if ((error as LonghaulError).retryable && tries < retries)
          later.after(1000 * 2 ** tries, () => void fetchNeeded(id, tries + 1))
      }
    } while (needed.get(id))
    needed.delete(id)
  }
  return (id) => void fetchNeeded(id)
}
