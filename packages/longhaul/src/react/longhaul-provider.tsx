'use client'
import {
  createContext,
  type ReactElement,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
} from 'react'
import { type ClientOptions, createClient, type LonghaulClient } from '../client/index.js'
import { useLatest } from './hooks/use-latest.js'
import type { MessageChanges } from './messages/messages.js'
import { MessagesContext, useMessages } from './messages/use-messages.js'

const ClientContext = createContext<LonghaulClient | undefined>(undefined)

export interface LonghaulProviderProps extends ClientOptions {
  /**
   * Who is signed in, as a text that is another one for everybody else. When it changes, everything
   * that was known is forgotten and the connection is made anew. The tabs of one browser with the
   * same session share one connection; without it each has its own.
   */
  readonly session?: string | null
  /** Texts of the components below that shall be others. Keep the object's identity between renders. */
  readonly messages?: MessageChanges
  readonly children: ReactNode
}

/**
 * Gives the components below it one client: one connection and one memory of jobs. Nothing is
 * connected until a component watches something.
 */
export function LonghaulProvider(props: LonghaulProviderProps): ReactElement {
  const { url, session, live, pollMs, fetch, webSocket, wakeUps, children } = props
  // The latest, so that an inline function does not make a new client with every render.
  const latest = useLatest(props)
  const hasToken = props.getToken !== undefined
  const client = useMemo(
    () =>
      createClient({
        url,
        session,
        live,
        pollMs,
        fetch,
        webSocket,
        wakeUps,
        getToken: hasToken ? (options) => latest.current.getToken?.(options) ?? null : undefined,
      }),
    // oxlint-disable-next-line react/exhaustive-deps -- another session is another client
    [url, session, live, pollMs, fetch, webSocket, wakeUps, hasToken],
  )
  useEffect(
    () => () => {
      // Gone on for the other tabs of its session, it would ask by the token of the next one.
      if (session && session !== latest.current.session) client.close()
    },
    [client, session, latest],
  )
  const messages = useMessages(props.messages)
  return (
    <ClientContext.Provider value={client}>
      <MessagesContext.Provider value={messages}>{children}</MessagesContext.Provider>
    </ClientContext.Provider>
  )
}

/** The client of the nearest provider, or none: a component that shows a given job needs none. */
export function useOptionalClient(): LonghaulClient | undefined {
  return useContext(ClientContext)
}

/** The client of the nearest provider, for what the hooks do not do. */
export function useLonghaulClient(): LonghaulClient {
  const client = useContext(ClientContext)
  if (client === undefined) {
    throw new Error(
      'There is no Longhaul client to show jobs with. Wrap this part of the page in <LonghaulProvider url="/api/longhaul">.',
    )
  }
  return client
}
