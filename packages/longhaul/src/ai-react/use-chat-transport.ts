'use client'
import type { UIMessage } from 'ai'
import { useLayoutEffect, useMemo } from 'react'
import {
  type ChatTransportOptions,
  createChatTransport,
  type LonghaulChatTransport,
} from '../ai/index.js'
import { useLonghaulClient } from '../react/index.js'

/**
 * A transport that gives `useChat` durable answers. A component that goes away leaves its answer to be
 * finished: `useChat` of AI SDK 7 calls `stop` then, just as its Stop button does, and this tells the two apart.
 *
 * @example
 * const { messages, sendMessage, stop } = useChat({ id, transport: useChatTransport(), resume: true })
 */
export function useChatTransport<Message extends UIMessage = UIMessage>({
  type,
  onStop,
  create,
}: Omit<ChatTransportOptions, 'client'> = {}): LonghaulChatTransport<Message> {
  const client = useLonghaulClient()
  const transport = useMemo(
    () => createChatTransport<Message>({ client, type, onStop, create }),
    [client, type, onStop, create],
  )
  // A layout effect is cleaned up before the effects of `useChat` are, in which it stops.
  useLayoutEffect(() => transport.attach(), [transport])
  return transport
}
