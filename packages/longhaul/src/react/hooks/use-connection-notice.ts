'use client'
import { useEffect, useState } from 'react'
import type { ConnectionStatus } from '../../client/index.js'
import type { ConnectionState, MessageChanges } from '../messages/messages.js'
import { useMessages } from '../messages/use-messages.js'
import { useConnectionStatus } from './use-connection-status.js'

export interface UseConnectionNoticeOptions {
  /**
   * Trouble that is over sooner than this, in milliseconds, is not spoken of.
   *
   * @defaultValue 3000
   */
  readonly delayMs?: number
  readonly messages?: MessageChanges | undefined
}

export interface ConnectionNotice {
  /** All the states of a connection in the three words that people need. */
  readonly state: ConnectionState
  readonly text: string
  /** True once trouble has lasted. */
  readonly isTrouble: boolean
  retryNow(): void
}

/** How the page is connected, without the blips: what `ConnectionIndicator` shows. */
export function useConnectionNotice({
  delayMs = 3000,
  messages: changes,
}: UseConnectionNoticeOptions = {}): ConnectionNotice {
  const messages = useMessages(changes)
  const { state: exact, retryNow } = useConnectionStatus()
  const isWell = exact === 'live' || exact === 'idle' || exact === 'closed'
  const [hasLasted, setHasLasted] = useState(false)
  useEffect(() => {
    if (isWell) return undefined
    const timer = setTimeout(() => setHasLasted(true), delayMs)
    return () => {
      clearTimeout(timer)
      setHasLasted(false)
    }
  }, [isWell, delayMs])
  const isTrouble = !isWell && hasLasted
  const state = isTrouble ? stateOf(exact) : 'connected'
  return { state, text: textOf(), isTrouble, retryNow }

  function textOf(): string {
    if (isTrouble && exact === 'offline') return messages.offline
    if (isTrouble && exact === 'unauthorized') return messages.signedOut
    if (isTrouble && exact === 'connecting') return messages.connecting
    return messages.connection[state]
  }
}

function stateOf(exact: ConnectionStatus['state']): ConnectionState {
  return exact === 'polling' ? 'polling' : 'disconnected'
}
