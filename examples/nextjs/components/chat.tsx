'use client'
import { useChat } from '@ai-sdk/react'
import type { UIMessage } from 'ai'
import type { LonghaulChatTransport } from 'longhaul/ai'
import type { ChatRequest } from 'longhaul/ai/server'
import { useJobs } from 'longhaul/react'
import { type ReactElement, useLayoutEffect } from 'react'
import { AnswerState } from './answer-state'
import { Composer } from './composer'

interface Props {
  readonly id: string
  readonly transport: LonghaulChatTransport<UIMessage>
  readonly messages: UIMessage[]
}

const answers = { type: ['chat'] }

/** Questions and answers. `resume` follows an answer that is being written, wherever it was asked for. */
export function Chat({ id, transport, messages: known }: Props): ReactElement {
  const chat = useChat({ id, transport, messages: known, resume: true })
  // It may go away before its transport does: that cancels nothing.
  useLayoutEffect(() => transport.attach(), [transport])
  const { jobs } = useJobs(answers)
  const job = jobs.find(({ input }) => (input as ChatRequest).chatId === id)
  const isBusy = chat.status === 'submitted' || chat.status === 'streaming'

  return (
    <>
      <ol className="messages" aria-label="Messages">
        {chat.messages.map((message) => (
          <li key={message.id} className="message" data-role={message.role}>
            {textOf(message)}
          </li>
        ))}
      </ol>
      {chat.messages.length > 0 && (
        <AnswerState
          job={job}
          isSending={chat.status === 'submitted'}
          hasText={chat.messages.at(-1)?.role === 'assistant'}
          problem={chat.error?.message}
          onAskAgain={() => void chat.regenerate()}
        />
      )}
      <Composer isBusy={isBusy} onSend={(text) => void chat.sendMessage({ text })} />
    </>
  )
}

function textOf({ parts }: UIMessage): string {
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('')
}
