import type { ReactElement } from 'react'
import { LonghaulProvider } from 'longhaul/react'
import { FirstOrganisationPage } from './session/first-organisation-page.js'
import { liveUpdates } from './profile/live-updates.js'
import { useKeptSwitch } from './controls/kept-switch.js'
import { fetchOnPath, SocketOnPath } from './contacts/live-path.js'
import { SignInPage } from './session/sign-in-page.js'
import { SignUpPage } from './session/sign-up-page.js'
import { useSession } from './session/use-session.js'
import { QueryCache } from './shell/query-cache.js'
import { usePlace } from './shell/use-place.js'
import { Workspace } from './shell/workspace.js'

export function App(): ReactElement {
  const { session, actions } = useSession()
  const place = usePlace()
  const isLive = useKeptSwitch(liveUpdates)
  switch (session.status) {
    case 'loading':
      return <p className="page-note" role="status" aria-label="Loading" />
    case 'unreachable':
      return (
        <div className="page-note">
          <p role="alert">The studio does not answer. Is its server running?</p>
          <button type="button" className="button" onClick={actions.refresh}>
            Try again
          </button>
        </div>
      )
    case 'signed_out':
      return place.section === 'sign-up' ? (
        <SignUpPage signUp={actions.signUp} />
      ) : (
        <SignInPage signIn={actions.signIn} />
      )
    case 'without_organisation':
      return <FirstOrganisationPage user={session.user} actions={actions} />
    case 'signed_in': {
      const { user, organisation } = session.me
      // Another person, or another organisation, and nothing of the one before is left on the page.
      const id = `${user.id} ${organisation.id}`
      return (
        <LonghaulProvider
          url="/api/longhaul"
          session={id}
          live={isLive}
          fetch={fetchOnPath}
          webSocket={SocketOnPath}
        >
          <QueryCache key={id}>
            <Workspace me={session.me} place={place} actions={actions} />
          </QueryCache>
        </LonghaulProvider>
      )
    }
    default:
      return session satisfies never
  }
}
