import type { ReactElement } from 'react'
import { type Job, LonghaulError } from 'longhaul'
import type { ToolApproval } from 'longhaul/ai'
import type { ChatAnswer } from 'longhaul/ai/server'
import { useJob } from 'longhaul/react'
import type { Answerer } from '../../trips/concierge/answerer.js'
import { AnswerParts } from './answer-parts.js'
import { answerState, stateTexts } from './answer-state.js'
import type { ChatMessage } from './chat-message.js'
import { RequestTrail } from './request-trail.js'
import { usePartialText } from './use-partial-text.js'
import type { Notify } from './use-notices.js'

export interface AnswerProps {
  /** The job that answers; nothing until the server has it. */
  readonly jobId?: string
  readonly answerer?: Answerer
  readonly message: ChatMessage | undefined
  readonly isLast: boolean
  readonly onRespond: (approval: ToolApproval, response: { approved: boolean }) => Promise<void>
  readonly notify: Notify
}

/** An answer as its job has it: what there is of it, what is happening, and what can be done about it. */
export function Answer(props: AnswerProps): ReactElement {
  const { jobId, answerer, isLast, onRespond, notify } = props
  // An answer that is kept needs no job any more.
  const isOpen = isLast || props.message === undefined
  const view = useJob<'ai_concierge_query'>(isOpen ? jobId : null)
  const { job, cancel, retry } = view
  // It may be complete since the messages were read, and before the chat could follow it.
  const message = props.message ?? resultOf(job)
  const state = answerState(view, message, isLast)
  const partial = usePartialText(job, message)
  const canCancel = state === 'thinking' || state === 'looking_up' || state === 'writing'

  return (
    <div className="chat-answer" data-state={state}>
      {message !== undefined && (
        <AnswerParts message={message} isWaiting={state === 'waiting'} onRespond={respond} />
      )}
      {partial !== '' && <p className="chat-text">{partial}</p>}
      <div className="chat-state">
        <p role="status">{stateTexts[state]}</p>
        {state === 'failed' && <p className="problem">{job?.error?.message}</p>}
        {(canCancel || state === 'waiting' || (state === 'sending' && job !== undefined)) && (
          <button
            type="button"
            className="button"
            onClick={() => void tell(cancel(), 'The answer could not be cancelled')}
          >
            Cancel
          </button>
        )}
        {(state === 'failed' || state === 'cancelled') && (
          <button
            type="button"
            className="button"
            onClick={() => void tell(retry(), 'The answer could not be tried again')}
          >
            Try again
          </button>
        )}
      </div>
      {answerer === 'backend' && jobId !== undefined && <RequestTrail id={jobId} />}
    </div>
  )

  function respond(approval: ToolApproval, approved: boolean): Promise<void> {
    return tell(onRespond(approval, { approved }), 'Your decision was not sent')
  }

  async function tell(doing: Promise<void>, otherwise: string): Promise<void> {
    try {
      await doing
    } catch (error) {
      // It was complete before, and then the page shows that.
      if (LonghaulError.is(error, 'invalid_state')) return
      notify(`${otherwise}: ${LonghaulError.is(error) ? error.message : 'try it again.'}`)
    }
  }
}

function resultOf(job: Job | undefined): ChatMessage | undefined {
  return job?.status === 'completed' ? (job.result as ChatAnswer<ChatMessage>).message : undefined
}
