import type { ReactElement } from 'react'
import { LonghaulProvider } from 'longhaul/react'
import { SignInPage } from './session/sign-in-page.js'
import { useSession } from './session/use-session.js'
import { Workspace } from './shell/workspace.js'

export function App(): ReactElement {
  const { session, signIn, signOut, refresh } = useSession()
  switch (session.status) {
    case 'loading':
      return <p className="page-note" role="status" />
    case 'unreachable':
      return (
        <div className="page-note">
          <p role="alert">The studio does not answer. Is its server running?</p>
          <button type="button" className="button" onClick={refresh}>
            Try again
          </button>
        </div>
      )
    case 'signed_out':
      return <SignInPage onSignIn={signIn} />
    case 'signed_in':
      return (
        <LonghaulProvider url="/api/longhaul" session={session.me.user.id}>
          <Workspace me={session.me} onSignOut={signOut} onRefused={refresh} />
        </LonghaulProvider>
      )
    default:
      return session satisfies never
  }
}
