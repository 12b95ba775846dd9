import type { ReactElement } from 'react'
import { OrganisationForm } from '../profile/organisation-form.js'
import { EntryPage } from './entry-page.js'
import type { User } from './session-api.js'
import type { SessionActions } from './use-session.js'

export interface FirstOrganisationPageProps {
  readonly user: User
  readonly actions: SessionActions
}

/** For somebody who belongs nowhere: everything in the studio belongs to an organisation. */
export function FirstOrganisationPage({ user, actions }: FirstOrganisationPageProps): ReactElement {
  return (
    <EntryPage
      title="Your organisation"
      lead={`Welcome, ${user.name}. What you plan here belongs to an organisation; name yours.`}
    >
      <OrganisationForm onCreate={actions.createOrganisation} />
      <button type="button" className="button button-wide" onClick={() => void actions.signOut()}>
        Sign out
      </button>
    </EntryPage>
  )
}
