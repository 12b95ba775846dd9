import type { ReactElement } from 'react'
import { signIn } from '@/app/session-actions'

/** Works before any script has come. */
export function SignIn(): ReactElement {
  return (
    <main className="page">
      <h1>Numbers</h1>
      <p className="muted">
        A chat about whole numbers. Any name will do: it stands for your own sign-in.
      </p>
      <form className="sign-in" action={signIn}>
        <label htmlFor="name">Name</label>
        <input id="name" name="name" required maxLength={40} autoComplete="username" />
        <button className="button button-main">Sign in</button>
      </form>
    </main>
  )
}
