import { cookies } from 'next/headers'
import { sessionCookie, userOf } from './session'

/** Whoever is signed in, for pages and actions. Routes ask `principalOf` about their request. */
export async function signedIn(): Promise<string | undefined> {
  return userOf((await cookies()).get(sessionCookie)?.value)
}
