'use client'
import type { UIMessage } from 'ai'
import type { ChatTransportOptions } from 'longhaul/ai'
import { useChatTransport } from 'longhaul/ai/react'
import { type ReactElement, useEffect, useState } from 'react'
import { askApp } from './ask-app'
import { Chat } from './chat'

/** Answers are asked for by the app's own route. */
const create: ChatTransportOptions['create'] = (request, options) =>
  askApp('/api/chat', { request, options })

/** Reads what there is of a chat, and then shows it. */
export function Conversation({ chatId }: { readonly chatId: string }): ReactElement {
  const transport = useChatTransport({ id: chatId, create })
  const [messages, setMessages] = useState<UIMessage[]>()
  const [problem, setProblem] = useState('')

  useEffect(() => {
    transport.load(chatId).then(setMessages, (error: Error) => setProblem(error.message))
  }, [transport, chatId])

  if (problem !== '') return <p role="alert">{problem}</p>
  if (messages === undefined) return <p role="status">Loading…</p>
  return <Chat id={chatId} transport={transport} messages={messages} />
}
