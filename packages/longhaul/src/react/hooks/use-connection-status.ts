'use client'
import { useMemo } from 'react'
import type { ConnectionStatus } from '../../client/index.js'
import { useLonghaulClient } from '../longhaul-provider.js'
import { useObservable } from './use-observable.js'

const idle: ConnectionStatus = {
  state: 'idle',
  transport: null,
  since: 0,
  attempt: 0,
  nextRetryAt: null,
  lastEventAt: null,
  isLeader: true,
  reason: null,
}

/** How the page is connected, and why it is not live. Show it only after two or three seconds, so that a blip does not flicker. */
export function useConnectionStatus(): ConnectionStatus & { retryNow(): void } {
  const { connection } = useLonghaulClient()
  const status = useObservable(connection, idle)
  return useMemo(() => ({ ...status, retryNow: connection.retryNow }), [status, connection])
}
