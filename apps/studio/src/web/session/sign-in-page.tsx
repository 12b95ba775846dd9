import { type ReactElement, useState } from 'react'
import { demoPassword, demoUsers } from '../../demo/demo-users.js'
import { Field } from '../controls/field.js'
import { useSubmit } from '../controls/use-submit.js'
import { addressOf } from '../shell/use-place.js'
import { EntryButton, EntryPage } from './entry-page.js'
import type { SessionActions } from './use-session.js'

export function SignInPage({ signIn }: Pick<SessionActions, 'signIn'>): ReactElement {
  const [email, setEmail] = useState<string>(demoUsers[0].email)
  const [password, setPassword] = useState<string>(demoPassword)
  const { isBusy, problem, onSubmit, forgetProblem } = useSubmit(() => signIn(email, password))

  function pick(picked: string): void {
    setEmail(picked)
    setPassword(demoPassword)
    forgetProblem()
  }

  return (
    <EntryPage
      title="Sign in"
      lead="Plan a trip, watch it being planned, and come back to it later."
    >
      <form className="stack" onSubmit={onSubmit}>
        <Field
          label="Email"
          type="email"
          autoComplete="username"
          required
          value={email}
          onChange={setEmail}
        />
        <Field
          label="Password"
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={setPassword}
        />
        <EntryButton problem={problem} isBusy={isBusy}>
          Sign in
        </EntryButton>
      </form>
      <p className="muted">
        New here? <a href={addressOf('sign-up')}>Make an account</a>
      </p>
      <DemoUsers onPick={pick} />
    </EntryPage>
  )
}

function DemoUsers({ onPick }: { onPick: (email: string) => void }): ReactElement {
  return (
    <section className="demo-users" aria-labelledby="demo-users">
      <h2 id="demo-users">Demo accounts</h2>
      <p className="muted">Their organisations never see each other’s work.</p>
      <div className="demo-users-list">
        {demoUsers.map(({ name, email, organisations }) => (
          <button type="button" className="button" key={email} onClick={() => onPick(email)}>
            {name} at {organisations[0].name}
          </button>
        ))}
      </div>
    </section>
  )
}
