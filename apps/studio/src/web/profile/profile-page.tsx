import { type ReactElement, useState } from 'react'
import { Choices } from '../controls/choices.js'
import { Field } from '../controls/field.js'
import { useKeptSwitch } from '../controls/kept-switch.js'
import { useSubmit } from '../controls/use-submit.js'
import type { Me } from '../session/session-api.js'
import type { SessionActions } from '../session/use-session.js'
import { PageHeading } from '../shell/page-heading.js'
import { DeleteAccount } from './delete-account.js'
import { OrganisationForm } from './organisation-form.js'
import { liveUpdates } from './live-updates.js'
import { keepTheme, readTheme, type Theme } from './theme.js'

export interface ProfilePageProps {
  readonly me: Me
  readonly actions: SessionActions
}

export function ProfilePage({ me, actions }: ProfilePageProps): ReactElement {
  return (
    <>
      <title>Profile · Longhaul Studio</title>
      <header className="page-head">
        <PageHeading>Profile</PageHeading>
        <p className="lead">{me.user.email}</p>
      </header>
      <div className="settings">
        <section className="card settings-card" aria-label="You">
          <NameForm name={me.user.name} onRename={actions.rename} />
        </section>
        <section className="card settings-card" aria-label="Look">
          <ThemeChoice />
        </section>
        <section className="card settings-card" aria-label="Updates">
          <UpdatesChoice />
        </section>
        <section className="card settings-card" aria-labelledby="organisations">
          <h2 id="organisations">Organisations</h2>
          <p className="muted">
            You are in {me.organisation.name}. Trips, notes and jobs belong to the organisation in
            which they were made; the menu at the top goes from one to another.
          </p>
          <ul className="settings-list">
            {me.organisations.map(({ id, name }) => (
              <li key={id}>{name}</li>
            ))}
          </ul>
          <OrganisationForm onCreate={actions.createOrganisation} />
        </section>
        <button type="button" className="button" onClick={() => void actions.signOut()}>
          Sign out
        </button>
        <section className="card settings-card" aria-labelledby="leaving">
          <h2 id="leaving">Leaving</h2>
          <DeleteAccount email={me.user.email} onDelete={actions.deleteAccount} />
        </section>
      </div>
    </>
  )
}

interface NameFormProps {
  readonly name: string
  readonly onRename: SessionActions['rename']
}

function NameForm({ name: before, onRename }: NameFormProps): ReactElement {
  const [name, setName] = useState(before)
  const { isBusy, problem, onSubmit } = useSubmit(() => onRename(name.trim()))
  const isChanged = name.trim() !== before
  return (
    <form className="stack" onSubmit={onSubmit}>
      <Field
        label="Name"
        autoComplete="name"
        required
        maxLength={80}
        value={name}
        onChange={setName}
      />
      <p className="problem" role="alert">
        {problem}
      </p>
      <button type="submit" className="button" disabled={isBusy || !isChanged}>
        Save the name
      </button>
    </form>
  )
}

const themes: readonly { readonly value: Theme; readonly label: string }[] = [
  { value: 'system', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
]

function ThemeChoice(): ReactElement {
  const [theme, setTheme] = useState(readTheme)
  return (
    <Choices
      name="theme"
      legend="Theme"
      hint="Kept in this browser."
      options={themes}
      value={theme}
      onChange={(value) => {
        const { value: next } = themes.find((each) => each.value === value)!
        keepTheme(next)
        setTheme(next)
      }}
    />
  )
}

function UpdatesChoice(): ReactElement {
  const isLive = useKeptSwitch(liveUpdates)
  return (
    <Choices
      name="updates"
      legend="Updates"
      hint="Live needs a connection that stays open. Kept in this browser."
      options={[
        { value: 'live', label: 'Live' },
        { value: 'polling', label: 'Every few seconds' },
      ]}
      value={isLive ? 'live' : 'polling'}
      onChange={(value) => liveUpdates.turn(value === 'live')}
    />
  )
}
