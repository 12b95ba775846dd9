import { type ReactElement, useState } from 'react'
import { Field } from '../controls/field.js'
import { useSubmit } from '../controls/use-submit.js'
import { addressOf } from '../shell/use-place.js'
import { EntryButton, EntryPage } from './entry-page.js'
import type { SessionActions } from './use-session.js'

const empty = { name: '', email: '', password: '', organisation: '' }

export function SignUpPage({ signUp }: Pick<SessionActions, 'signUp'>): ReactElement {
  const [account, setAccount] = useState(empty)
  const { isBusy, problem, onSubmit } = useSubmit(() => signUp(account))
  const bind = (name: keyof typeof empty) => ({
    required: true,
    value: account[name],
    onChange: (value: string) => setAccount((before) => ({ ...before, [name]: value })),
  })
  return (
    <EntryPage
      title="Make an account"
      lead="For yourself, with an organisation of your own. It stays on this computer."
    >
      <form className="stack" onSubmit={onSubmit}>
        <Field label="Name" autoComplete="name" maxLength={80} {...bind('name')} />
        <Field label="Email" type="email" autoComplete="username" {...bind('email')} />
        <Field
          label="Password"
          type="password"
          autoComplete="new-password"
          minLength={8}
          hint="At least 8 characters."
          {...bind('password')}
        />
        <Field
          label="Organisation"
          autoComplete="organization"
          maxLength={80}
          {...bind('organisation')}
        />
        <EntryButton problem={problem} isBusy={isBusy}>
          Make an account
        </EntryButton>
      </form>
      <p className="muted">
        You have one? <a href={addressOf('home')}>Sign in</a>
      </p>
    </EntryPage>
  )
}
