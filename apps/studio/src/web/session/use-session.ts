import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import * as api from './session-api.js'

export type Session =
  | { readonly status: 'loading' | 'unreachable' | 'signed_out' }
  | { readonly status: 'without_organisation'; readonly user: api.User }
  | { readonly status: 'signed_in'; readonly me: api.Me }

/** What can be done about the session. Each resolves with why it did not work. */
export interface SessionActions {
  signIn(email: string, password: string): Promise<api.Problem>
  signUp(account: api.SignUp): Promise<api.Problem>
  signOut(): Promise<api.Problem>
  createOrganisation(name: string): Promise<api.Problem>
  switchOrganisation(id: string): Promise<api.Problem>
  rename(name: string): Promise<api.Problem>
  deleteAccount(email: string): Promise<api.Problem>
  /** Ask the server again who is signed in. */
  refresh(): void
}

export interface UseSession {
  readonly session: Session
  readonly actions: SessionActions
}

const channelName = 'studio session'

/** All tabs share one cookie: what one of them changes, the others must not go on without. */
export function useSession(): UseSession {
  const [session, setSession] = useState<Session>({ status: 'loading' })
  const looks = useRef(0)
  const look = useCallback(async () => {
    looks.current += 1
    const own = looks.current
    const now = await currentSession()
    // The answer to an earlier look can come after that to a later one.
    if (own === looks.current) setSession(now)
  }, [])
  const channel = useMemo(() => new BroadcastChannel(channelName), [])

  useEffect(() => {
    const onMessage = (): void => void look()
    channel.addEventListener('message', onMessage)
    void look()
    return () => channel.removeEventListener('message', onMessage)
  }, [channel, look])

  const actions = useMemo(() => {
    const thenLook =
      <Args extends unknown[]>(action: (...args: Args) => Promise<api.Problem>) =>
      async (...args: Args): Promise<api.Problem> => {
        // What was asked before may be no longer so.
        looks.current += 1
        const problem = await action(...args)
        // Also when it did not work: half of it may have, and looking shows what is true.
        await look()
        channel.postMessage('changed')
        return problem
      }
    return {
      signIn: thenLook(api.signIn),
      signUp: thenLook(api.signUp),
      signOut: thenLook(() => {
        // First, so that no page asks for anything in the name of one who is leaving.
        setSession({ status: 'loading' })
        return api.signOut()
      }),
      createOrganisation: thenLook(api.createOrganisation),
      switchOrganisation: thenLook(api.switchOrganisation),
      rename: thenLook(api.rename),
      deleteAccount: thenLook(api.deleteAccount),
      refresh: () => void look(),
    }
  }, [channel, look])

  return { session, actions }
}

async function currentSession(): Promise<Session> {
  try {
    const { user, organisation, organisations } = await api.fetchVisitor()
    if (user === null) return { status: 'signed_out' }
    if (organisation === null) return { status: 'without_organisation', user }
    return { status: 'signed_in', me: { user, organisation, organisations } }
  } catch {
    return { status: 'unreachable' }
  }
}
