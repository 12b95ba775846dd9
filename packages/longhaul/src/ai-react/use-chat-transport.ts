'use client'
import type { UIMessage } from 'ai'
import { useLayoutEffect, useMemo, useRef } from 'react'
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
  // The latest, so that an inline function does not make another transport with every render: the one
  // before would be told that it is left, and its answer could not be stopped any more.
  const latest = useRef(create)
  useLayoutEffect(() => {
    if (create !== undefined) latest.current = create
  }, [create])
  const hasCreate = create !== undefined
  const transport = useMemo(
    () =>
      // oxlint-disable-next-line react/refs -- it is read when an answer is asked for
      createChatTransport<Message>({
        client,
        type,
        onStop,
        create: hasCreate ? (request, options) => latest.current!(request, options) : undefined,
      }),
    [client, type, onStop, hasCreate],
  )
  // A layout effect is cleaned up before the effects of `useChat` are, in which it stops.
  useLayoutEffect(() => transport.attach(), [transport])
  return transport
}
