'use client'
import type { UIMessage } from 'ai'
import { useLayoutEffect, useMemo, useRef } from 'react'
import {
  type ChatTransportOptions,
  createChatTransport,
  type LonghaulChatTransport,
} from '../ai/index.js'
import { useLonghaulClient } from '../react/index.js'

interface UseChatTransportOptions extends Omit<ChatTransportOptions, 'client'> {
  /** Of the chat that is shown, as `useChat` has it: when it changes, the answer of the one before goes on. */
  readonly id?: string | undefined
}

/**
 * A transport that gives `useChat` durable answers. A component that goes away, or shows another chat,
 * leaves its answer to be finished: `useChat` of AI SDK 7 calls `stop` then, just as its Stop button does,
 * and this tells the two apart.
 *
 * @example
 * const { messages, sendMessage, stop } = useChat({ id, transport: useChatTransport({ id }), resume: true })
 */
export function useChatTransport<Message extends UIMessage = UIMessage>({
  id,
  type,
  onStop,
  create,
}: UseChatTransportOptions = {}): LonghaulChatTransport<Message> {
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
    // Each chat has its own, so that it can be told that it is left.
    // oxlint-disable-next-line react/exhaustive-deps
    [client, type, onStop, hasCreate, id],
  )
  // A layout effect is cleaned up before the effects of `useChat` are, in which it stops.
  useLayoutEffect(() => transport.attach(), [transport])
  return transport
}
