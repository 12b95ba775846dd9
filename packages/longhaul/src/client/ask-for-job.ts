import { LonghaulError } from '../core/index.js'
import type { Http, HttpRequest } from './http.js'
import type { JobStore } from './job-store.js'
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

/** What the store lacks, asked for once at a time. */
export function createNeededJobs(ask: AskForJob, store: JobStore): (id: string) => void {
  const needed = new Set<string>()

  async function fetchNeeded(id: string): Promise<void> {
    if (needed.has(id)) return
    needed.add(id)
    try {
      await ask({ method: 'GET', path: `/jobs/${encodeURIComponent(id)}` })
    } catch (error) {
      if (LonghaulError.is(error, 'job_not_found')) store.remove(id)
      // Otherwise the next frame, or the next connection, says again that it is needed.
    } finally {
      needed.delete(id)
    }
  }
  return (id) => void fetchNeeded(id)
}
