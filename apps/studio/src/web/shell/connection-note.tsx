import { type ReactElement, useEffect } from 'react'
import { ConnectionIndicator, useConnectionStatus } from 'longhaul/react'
import { useKeptSwitch } from '../controls/kept-switch.js'
import { liveUpdates } from '../profile/live-updates.js'

/** Says when the page is not live, and why; nothing while all is well, or as it was chosen. */
export function ConnectionNote({ onRefused }: { onRefused: () => void }): ReactElement | null {
  const { state } = useConnectionStatus()
  useEffect(() => {
    if (state === 'unauthorized') onRefused()
  }, [state, onRefused])
  const isLive = useKeptSwitch(liveUpdates)
  if (state === 'polling' && !isLive) return null
  return <ConnectionIndicator className="connection-note" />
}
