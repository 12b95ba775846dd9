import type { Session } from '@supabase/supabase-js'
import { LonghaulProvider } from 'longhaul/react'
import { useEffect, useState } from 'react'
import type { longhaul } from '../longhaul.js'
import { ByLonghaul } from './by-longhaul'
import { ByRealtime } from './by-realtime'
import { SignIn } from './sign-in'
import { accessToken, supabase } from './supabase'

declare module 'longhaul' {
  interface Register {
    longhaul: typeof longhaul
  }
}

/** The same jobs twice: by Longhaul's own stream, and by Supabase Realtime. */
export function App() {
  const [session, setSession] = useState<Session | null>(null)
  useEffect(() => {
    const { data } = supabase.auth.onAuthStateChange((_, now) => setSession(now))
    return () => data.subscription.unsubscribe()
  }, [])

  if (session === null) return <SignIn />
  return (
    <LonghaulProvider url="/api/longhaul" session={session.user.id} getToken={accessToken}>
      <main>
        <h1>How many words?</h1>
        <ByLonghaul />
        <ByRealtime key={session.user.id} />
        <button type="button" onClick={() => void supabase.auth.signOut()}>
          Sign out
        </button>
      </main>
    </LonghaulProvider>
  )
}
