import { type ReactElement, useEffect } from 'react'
import { ConnectionIndicator, useConnectionStatus } from 'longhaul/react'

/** Says when the page is not live, and why; nothing while all is well. */
export function ConnectionNote({ onRefused }: { onRefused: () => void }): ReactElement {
  const { state } = useConnectionStatus()
  useEffect(() => {
    if (state === 'unauthorized') onRefused()
  }, [state, onRefused])
  return <ConnectionIndicator className="connection-note" />
}
