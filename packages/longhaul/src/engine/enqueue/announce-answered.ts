import type { Hints } from '../../postgres/index.js'
import { announceInserted } from './announce-inserted.js'
import type { Enqueued, EnqueueAnswer } from './enqueue-answer.js'
import type { EnqueueRequest } from './enqueue-request.js'

/** Tell everybody of the jobs of these requests, once they are committed. */
export function announceAnswered(
  hints: Hints,
  requests: readonly EnqueueRequest[],
  answers: readonly (EnqueueAnswer | undefined)[],
): void {
  announceInserted(
    hints,
    requests.flatMap(({ row, items = [] }, n) => {
      const answer = answers[n]
      if (!isOpen(answer)) return []
      return [{ ...row, id: answer.job.id }, ...(answer.replayed ? [] : items)]
    }),
  )
}

/**
 * We are not told when the caller's transaction commits, and a hint must not come before. So a few
 * go out when it probably has; the workers' regular look finds the job in any case.
 */
export function announceLater(
  hints: Hints,
  requests: readonly EnqueueRequest[],
  answers: readonly EnqueueAnswer[],
): void {
  for (const afterMs of [20, 200, 1000]) {
    setTimeout(() => announceAnswered(hints, requests, answers), afterMs).unref()
  }
}

/** Also what was there before: it may be ours, and the answer that said so was lost before a hint went out. */
function isOpen(answer: EnqueueAnswer | undefined): answer is Enqueued {
  if (answer === undefined || !('job' in answer)) return false
  return answer.job.status === 'queued' || answer.job.status === 'waiting'
}
