import { setTimeout as delay } from 'node:timers/promises'
import { type Job, isSettled, LonghaulError, type Principal } from 'longhaul'
import type pg from 'pg'
import { jobsOfConversation, removeConversation } from './conversations.js'

/** As much of the app's jobs as deleting needs. */
export interface ConversationJobs {
  get(principal: Principal, id: string): Promise<Job>
  cancel(cancel: {
    readonly principal: Principal
    readonly id: string
    readonly reason: string
  }): Promise<Job>
  delete(principal: Principal, id: string): Promise<void>
}

export interface DeleteConversation {
  readonly pool: pg.Pool
  readonly jobs: ConversationJobs
  readonly principal: Principal
}

const lookMs = 100

/**
 * Deletes the caller's conversation, with the jobs of its answers and what they have streamed. An answer that
 * is being written is cancelled first. The messages go last, so that what failed half way can be done again.
 */
export async function deleteConversation(
  { pool, jobs, principal }: DeleteConversation,
  id: string,
): Promise<void> {
  const jobIds = await jobsOfConversation(pool, principal, id)
  await Promise.all(jobIds.map((jobId) => deleteJob(jobs, principal, jobId)))
  await removeConversation(pool, principal, id)
}

/** Cancels a job that has not settled, and deletes it when it has. */
export async function deleteJob(
  jobs: ConversationJobs,
  principal: Principal,
  id: string,
): Promise<void> {
  try {
    let job = await jobs.get(principal, id)
    if (!isSettled(job.status)) {
      job = await jobs.cancel({ principal, id, reason: 'Its answer is not wanted any more.' })
    }
    // It has settled when its handler has stopped, or after the grace period without it.
    for (; !isSettled(job.status); job = await jobs.get(principal, id)) await delay(lookMs)
    await jobs.delete(principal, id)
  } catch (error) {
    // Jobs are kept for a month, conversations for ever.
    if (LonghaulError.is(error, 'job_not_found')) return
    // It was complete before it could be cancelled.
    if (LonghaulError.is(error, 'invalid_state')) return jobs.delete(principal, id)
    throw error
  }
}
