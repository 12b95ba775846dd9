import type { JobView } from 'longhaul/react'
import type { ChatMessage } from './chat-message.js'

/** What there is to say beside the text of an answer. */
export type AnswerState =
  | 'sending'
  | 'thinking'
  | 'looking_up'
  | 'writing'
  | 'waiting'
  | 'cancelling'
  | 'cancelled'
  | 'failed'
  | 'gone'
  | 'done'

export function answerState(
  { job, status }: Pick<JobView, 'job' | 'status'>,
  message: ChatMessage | undefined,
  isLast: boolean,
): AnswerState {
  if (job === undefined) {
    if (message !== undefined) return 'done'
    if (status === 'not_found') return 'gone'
    return isLast ? 'sending' : 'done'
  }
  switch (job.status) {
    case 'queued':
      return 'sending'
    case 'running':
      return job.cancelRequestedAt === null ? progressOf(message) : 'cancelling'
    case 'waiting':
      return 'waiting'
    case 'failed':
    case 'cancelled':
      return job.status
    case 'completed':
      return 'done'
    default:
      return job satisfies never
  }
}

function progressOf(message: ChatMessage | undefined): 'thinking' | 'looking_up' | 'writing' {
  const last = message?.parts.at(-1)
  if (last?.type === 'text' && last.text !== '') return 'writing'
  return last !== undefined && 'state' in last && last.state === 'input-available'
    ? 'looking_up'
    : 'thinking'
}

export const stateTexts: Readonly<Record<AnswerState, string>> = {
  sending: 'Sending…',
  thinking: 'Thinking…',
  looking_up: 'Looking it up…',
  writing: 'Writing…',
  waiting: 'Waiting for you',
  cancelling: 'Cancelling…',
  cancelled: 'You cancelled this answer.',
  failed: 'This answer failed.',
  gone: 'This answer is no longer kept.',
  done: '',
}
