import type { ReactElement } from 'react'
import type { Me } from '../session/session-api.js'
import type { SessionActions } from '../session/use-session.js'
import { Toasts } from '../toasts/toasts.js'
import { ConnectionNote } from './connection-note.js'
import { Header } from './header.js'
import { Pages } from './pages.js'
import type { PlaceInApp } from './use-place.js'

export interface WorkspaceProps {
  readonly me: Me
  readonly place: PlaceInApp
  readonly actions: SessionActions
}

/** Everything that a signed-in person sees. */
export function Workspace({ me, place, actions }: WorkspaceProps): ReactElement {
  return (
    <div className="workspace">
      <a className="skip" href="#content" onClick={skipToContent}>
        Skip to the content
      </a>
      <Header me={me} place={place} actions={actions} />
      <ConnectionNote onRefused={actions.refresh} />
      <Pages me={me} place={place} actions={actions} />
      <Toasts />
    </div>
  )
}

/** The address after the `#` says which page is shown, so a plain link into the page would leave it. */
function skipToContent(event: { preventDefault(): void }): void {
  event.preventDefault()
  document.querySelector<HTMLElement>('#content')?.focus()
}
