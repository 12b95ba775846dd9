import type { SettledStatus } from './job-status.js'
import type { Job } from './job.js'

/** What has become of the items of a batch. */
export interface ItemCounts {
  readonly total: number
  readonly completed: number
  readonly failed: number
  readonly cancelled: number
}

/** The items with which a job was enqueued as a batch. All have settled when its handler begins; a job that is no batch has none. */
export interface JobItems extends ItemCounts {
  /**
   * The items themselves, read a page at a time, in no particular order. One that was deleted is not
   * among them.
   *
   * @example
   * for await (const item of items.jobs({ status: 'completed' })) files.push(item.result)
   */
  jobs(options?: { readonly status?: SettledStatus }): AsyncIterable<Job>
}
