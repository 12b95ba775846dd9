import { type ReactElement, useEffect, useState } from 'react'
import { useConnectionStatus } from 'longhaul/react'

/** A blip is over before this; showing it would only make the page flicker. */
const shownAfterMs = 2500

/** Says when the page is not live, and why; nothing while all is well. */
export function ConnectionNote({ onRefused }: { onRefused: () => void }): ReactElement | null {
  const { state, retryNow } = useConnectionStatus()
  const isTrouble = state !== 'live' && state !== 'idle' && state !== 'closed'
  const [isLong, setIsLong] = useState(false)

  useEffect(() => {
    if (!isTrouble) return undefined
    const timer = setTimeout(() => setIsLong(true), shownAfterMs)
    return () => {
      clearTimeout(timer)
      setIsLong(false)
    }
  }, [isTrouble])

  useEffect(() => {
    if (state === 'unauthorized') onRefused()
  }, [state, onRefused])

  if (!isTrouble || !isLong) return null
  return (
    <div className="connection-note" role="status">
      <p>{sentences[state]}</p>
      <button type="button" className="button" onClick={retryNow}>
        Try now
      </button>
    </div>
  )
}

const sentences = {
  connecting: 'Connecting for live updates…',
  reconnecting: 'The connection is lost. Trying again by itself; running trips go on.',
  polling: 'Live updates do not get through here, so the page asks every few seconds.',
  offline: 'You are offline. Running trips go on, and are shown when you are back.',
  unauthorized: 'You are no longer signed in.',
} as const
