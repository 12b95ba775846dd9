import type { Job, WaitingFor } from '../../client/index.js'
import { formatTime } from '../messages/format.js'
import type { Messages } from '../messages/messages.js'
import { shownStatus } from '../messages/shown-status.js'

/** What a job is doing, why it failed, or how it ended, in a sentence. */
export function sentenceOf(
  job: Job,
  messages: Messages,
  {
    nowMs,
    waitingFor,
  }: { readonly nowMs?: number | undefined; readonly waitingFor?: WaitingFor | undefined } = {},
): string {
  const status = shownStatus(job)
  switch (status) {
    case 'sending':
      return messages.sending
    case 'queued':
      return waitingFor === undefined
        ? whyNotYet(job, messages, nowMs)
        : messages.waitingFor[waitingFor]
    case 'running':
      return job.stage ?? messages.working
    case 'waiting':
      return job.stage ?? messages.waiting
    case 'cancelling':
      return messages.stopping
    case 'completed':
      return messages.completed
    case 'cancelled':
      return messages.cancelled
    case 'failed':
      return job.error === null ? messages.statuses.failed : messages.failure(job.error)
    default:
      return status satisfies never
  }
}

function whyNotYet({ runAt, attempt }: Job, messages: Messages, nowMs: number | undefined): string {
  // Within a few seconds of its time it is about to start, whatever the two clocks say.
  const isLater = nowMs !== undefined && Date.parse(runAt) - nowMs > 5000
  if (!isLater) return messages.waitingToStart
  const time = formatTime(runAt, messages.locale)
  return attempt > 0 ? messages.triesAgainAt(time) : messages.startsAt(time)
}
