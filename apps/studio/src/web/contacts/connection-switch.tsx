import type { ReactElement } from 'react'
import { summariseConnection, useConnectionStatus } from 'longhaul/react'
import { useKeptSwitch } from '../controls/kept-switch.js'
import { livePath } from './live-path.js'

const words = {
  connected: 'Connected',
  polling: 'Polling',
  disconnected: 'Disconnected',
} as const

/** How the page is connected, and a switch to try what it does without its live path. */
export function ConnectionSwitch(): ReactElement {
  const status = useConnectionStatus()
  const connection = summariseConnection(status)
  const isWhole = useKeptSwitch(livePath)

  function turn(): void {
    livePath.turn(!isWhole)
    // As when a network comes back. Without it the page finds out within a minute.
    if (!isWhole) status.retryNow()
  }

  return (
    <div className="connection-switch">
      <span className="connection-state" role="status" data-connection={connection}>
        {words[connection]}
      </span>
      <button type="button" className="button" aria-pressed={!isWhole} onClick={turn}>
        Cut the live path
      </button>
    </div>
  )
}
