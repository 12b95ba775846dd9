'use client'
import { isSettled, type Job } from 'longhaul'
import { type ReactElement, useState } from 'react'
import { askApp } from './ask-app'

interface Props {
  /** The job of the latest answer; none until the server has one. */
  readonly job: Job | undefined
  readonly isSending: boolean
  readonly hasText: boolean
  readonly problem: string | undefined
  readonly onAskAgain: () => void
}

/** What is happening to the latest answer, and what can be done about it. */
export function AnswerState(props: Props): ReactElement {
  const { job, isSending, hasText, problem, onAskAgain } = props
  const [cancelProblem, setCancelProblem] = useState('')
  const isGoingOn = job !== undefined && !isSettled(job.status)
  const canCancel = isGoingOn && job.cancelRequestedAt === null
  const canAskAgain = job?.status === 'failed' || job?.status === 'cancelled'

  async function cancel(id: string): Promise<void> {
    setCancelProblem('')
    try {
      await askApp(`/api/chat/${id}/cancel`)
    } catch (error) {
      setCancelProblem(`It could not be cancelled: ${(error as Error).message}`)
    }
  }

  return (
    <div className="answer-state" data-status={job?.status}>
      <p role="status">{isSending && !isGoingOn ? 'Sending…' : stateText(job, hasText)}</p>
      {canCancel && (
        <button type="button" className="button" onClick={() => void cancel(job.id)}>
          Cancel
        </button>
      )}
      {!isSending && (canAskAgain || problem !== undefined) && (
        <button type="button" className="button" onClick={onAskAgain}>
          Ask again
        </button>
      )}
      <p role="alert">{cancelProblem || problem}</p>
    </div>
  )
}

function stateText(job: Props['job'], hasText: boolean): string {
  switch (job?.status) {
    case 'queued':
      return 'Sending…'
    case 'running':
      if (job.cancelRequestedAt !== null) return 'Cancelling…'
      return hasText ? 'Writing…' : 'Thinking…'
    case 'cancelled':
      return 'You cancelled this answer.'
    case 'failed':
      return 'This answer failed.'
    default:
      return ''
  }
}
