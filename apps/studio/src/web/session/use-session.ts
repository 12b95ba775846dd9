import { useCallback, useEffect, useState } from 'react'
import * as api from './session-api.js'

export type Session =
  | { readonly status: 'loading' | 'unreachable' | 'signed_out' }
  | { readonly status: 'signed_in'; readonly me: api.Me }

export interface UseSession {
  readonly session: Session
  /** @returns why it did not work; nothing when it did */
  signIn(email: string, password: string): Promise<string | undefined>
  signOut(): Promise<void>
  /** Ask the server again who is signed in. */
  refresh(): void
}

export function useSession(): UseSession {
  const [session, setSession] = useState<Session>({ status: 'loading' })

  const look = useCallback(() => currentSession().then(setSession), [])
  useEffect(() => void look(), [look])

  return {
    session,
    async signIn(email, password) {
      const problem = await api.signIn(email, password)
      if (problem === undefined) await look()
      return problem
    },
    async signOut() {
      // Without an answer one is still signed in: looking again shows what is true.
      await api.signOut().catch(() => undefined)
      await look()
    },
    refresh: () => void look(),
  }
}

async function currentSession(): Promise<Session> {
  try {
    const me = await api.fetchMe()
    return me === undefined ? { status: 'signed_out' } : { status: 'signed_in', me }
  } catch {
    return { status: 'unreachable' }
  }
}
