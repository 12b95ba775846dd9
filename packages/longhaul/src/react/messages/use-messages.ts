'use client'
import { type Context, createContext, useContext, useMemo } from 'react'
import { english } from './english.js'
import { type MessageChanges, type Messages, withChanges } from './messages.js'

export const MessagesContext: Context<Messages> = createContext<Messages>(english)

/** The texts of the nearest provider, with changes of one component's own. */
export function useMessages(changes?: MessageChanges): Messages {
  const messages = useContext(MessagesContext)
  return useMemo(() => withChanges(messages, changes), [messages, changes])
}
