import { type FormEvent, type ReactElement, useState } from 'react'
import { demoPassword, demoUsers } from '../../demo/demo-users.js'
import { Brand } from '../shell/brand.js'

export interface SignInPageProps {
  /** @returns why it did not work; nothing when it did */
  readonly onSignIn: (email: string, password: string) => Promise<string | undefined>
}

export function SignInPage({ onSignIn }: SignInPageProps): ReactElement {
  const [email, setEmail] = useState<string>(demoUsers[0].email)
  const [password, setPassword] = useState<string>(demoPassword)
  const [problem, setProblem] = useState<string>()
  const [isBusy, setIsBusy] = useState(false)

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    setIsBusy(true)
    setProblem(undefined)
    const found = await onSignIn(email, password)
    setProblem(found)
    setIsBusy(false)
  }

  return (
    <div className="sign-in">
      <title>Sign in · Longhaul Studio</title>
      <header className="sign-in-brand">
        <Brand />
      </header>
      <main className="sign-in-main">
        <div className="card sign-in-card">
          <h1>Sign in</h1>
          <p className="muted">Plan a trip, watch it being planned, and come back to it later.</p>
          <form className="stack" onSubmit={(event) => void submit(event)}>
            <div className="field">
              <label htmlFor="email">Email</label>
              <input
                id="email"
                type="email"
                autoComplete="username"
                required
                value={email}
                onChange={({ target }) => setEmail(target.value)}
              />
            </div>
            <div className="field">
              <label htmlFor="password">Password</label>
              <input
                id="password"
                type="password"
                autoComplete="current-password"
                required
                value={password}
                onChange={({ target }) => setPassword(target.value)}
              />
            </div>
            <p className="problem" role="alert">
              {problem}
            </p>
            <button type="submit" className="button button-main button-wide" disabled={isBusy}>
              {isBusy ? 'Signing in…' : 'Sign in'}
            </button>
          </form>
          <DemoUsers
            onPick={(picked) => {
              setEmail(picked)
              setPassword(demoPassword)
              setProblem(undefined)
            }}
          />
        </div>
      </main>
    </div>
  )
}

function DemoUsers({ onPick }: { onPick: (email: string) => void }): ReactElement {
  return (
    <section className="demo-users" aria-labelledby="demo-users">
      <h2 id="demo-users">Demo accounts</h2>
      <p className="muted">Two organisations, so that you can see that neither sees the other.</p>
      <div className="demo-users-list">
        {demoUsers.map(({ name, email, organisation }) => (
          <button type="button" className="button" key={email} onClick={() => onPick(email)}>
            {name} at {organisation.name}
          </button>
        ))}
      </div>
    </section>
  )
}
