import { type ReactElement, useState } from 'react'
import type { TripRequest } from '../../trips/request/trip-request.js'
import type { Me } from '../session/session-api.js'
import { NewTripPage } from '../trips/new-trip-page.js'
import { TripList } from '../trips/trip-list.js'
import { TripPage } from '../trips/trip-page.js'
import { ConnectionNote } from './connection-note.js'
import { Header } from './header.js'
import { goTo, newTripAddress, usePlace } from './use-place.js'

export interface WorkspaceProps {
  readonly me: Me
  readonly onSignOut: () => Promise<void>
  /** The server no longer knows who this is. */
  readonly onRefused: () => void
}

/** Everything that a signed-in person sees. */
export function Workspace({ me, onSignOut, onRefused }: WorkspaceProps): ReactElement {
  const place = usePlace()
  const [draft, setDraft] = useState<TripRequest>()

  function change(request: TripRequest): void {
    setDraft(request)
    goTo(newTripAddress)
  }

  return (
    <div className="workspace" data-page={place.page}>
      <a className="skip" href="#content" onClick={skipToContent}>
        Skip to the trip
      </a>
      <Header me={me} onSignOut={onSignOut} />
      <ConnectionNote onRefused={onRefused} />
      <div className="workspace-columns">
        <nav className="workspace-trips" aria-label="Your trips">
          <TripList openId={place.page === 'trip' ? place.id : undefined} />
        </nav>
        <main className="workspace-main" id="content" tabIndex={-1}>
          {place.page === 'new' ? (
            <NewTripPage key={JSON.stringify(draft)} draft={draft} />
          ) : (
            <TripPage key={place.id} id={place.id} onChange={change} />
          )}
        </main>
      </div>
    </div>
  )
}

/** The address after the `#` says which page is shown, so a plain link into the page would leave it. */
function skipToContent(event: { preventDefault(): void }): void {
  event.preventDefault()
  document.querySelector<HTMLElement>('#content')?.focus()
}
