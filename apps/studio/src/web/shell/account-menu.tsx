import { type ReactElement, useId, useState } from 'react'
import { useDisclosedPanel } from 'longhaul/react'
import type { Me } from '../session/session-api.js'
import type { SessionActions } from '../session/use-session.js'
import { addressOf, goTo } from './use-place.js'

export interface AccountMenuProps {
  readonly me: Me
  readonly actions: SessionActions
}

/** Who is signed in and in which organisation; the way to another one, to the profile, and out. */
export function AccountMenu({ me, actions }: AccountMenuProps): ReactElement {
  const { isOpen, button, panel, toggle, close, onKeyDown } = useDisclosedPanel()
  const panelId = useId()
  const { user, organisation } = me
  return (
    <div className="account" role="presentation" onKeyDown={onKeyDown}>
      <button
        ref={button}
        type="button"
        className="button account-button"
        aria-expanded={isOpen}
        aria-controls={isOpen ? panelId : undefined}
        onClick={toggle}
      >
        <span className="account-letter" aria-hidden="true">
          {user.name.slice(0, 1).toUpperCase()}
        </span>
        <span className="account-where">
          <span className="visually-hidden">{user.name} at </span>
          {organisation.name}
        </span>
      </button>
      {isOpen && (
        <div
          ref={panel}
          id={panelId}
          className="card account-panel"
          role="dialog"
          aria-label="Account"
          tabIndex={-1}
        >
          <div>
            <p className="account-name">{user.name}</p>
            <p className="muted">{user.email}</p>
          </div>
          <Organisations me={me} onSwitch={actions.switchOrganisation} />
          <div className="account-end">
            <a className="button" href={addressOf('profile')} onClick={close}>
              Profile
            </a>
            <button type="button" className="button" onClick={() => void actions.signOut()}>
              Sign out
            </button>
          </div>
        </div>
      )}
    </div>
  )
}

interface OrganisationsProps {
  readonly me: Me
  readonly onSwitch: SessionActions['switchOrganisation']
}

function Organisations({ me, onSwitch }: OrganisationsProps): ReactElement {
  const [problem, setProblem] = useState<string>()

  async function switchTo(id: string): Promise<void> {
    setProblem(await onSwitch(id))
    // What was on the page belongs to the organisation that one has left.
    goTo(addressOf('home'))
  }

  return (
    <div className="account-organisations">
      <h2 id="account-organisations">Organisation</h2>
      <ul aria-labelledby="account-organisations">
        {me.organisations.map(({ id, name }) => (
          <li key={id}>
            <button
              type="button"
              className="account-organisation"
              aria-pressed={id === me.organisation.id}
              onClick={() => void switchTo(id)}
            >
              {name}
            </button>
          </li>
        ))}
      </ul>
      <p className="problem" role="alert">
        {problem}
      </p>
    </div>
  )
}
