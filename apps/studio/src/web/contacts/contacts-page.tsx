import { type ReactElement, useEffect, useRef, useState } from 'react'
import { useNow } from '../controls/use-now.js'
import type { Me } from '../session/session-api.js'
import { PageHeading } from '../shell/page-heading.js'
import { addressOf, goTo } from '../shell/use-place.js'
import { ConnectionSwitch } from './connection-switch.js'
import { ContactCard } from './contact-card.js'
import { ContactDialog } from './contact-dialog.js'
import { ContactForm } from './contact-form.js'
import { useAgentsAtWork } from './use-agents-at-work.js'
import { type ListedContact, useContacts } from './use-contacts.js'

export interface ContactsPageProps {
  readonly me: Me
  readonly openId: string | undefined
}

/** The people with whom an organisation talks, and beside them the one that is open. */
export function ContactsPage({ me, openId }: ContactsPageProps): ReactElement {
  const { data: contacts, error, refetch } = useContacts()
  const [newId, setNewId] = useState<string>()
  useFocusWhereItWas(openId)
  return (
    <div className="contacts" data-open={openId !== undefined}>
      <title>Contacts · Longhaul Studio</title>
      <header className="page-head page-head-with-action">
        <div>
          <PageHeading>Contacts</PageHeading>
          <p className="lead">
            Everyone at {me.organisation.name} sees them, and agents that work for them.
          </p>
        </div>
        <div className="contacts-actions">
          <ConnectionSwitch />
          <button
            type="button"
            className="button button-main"
            onClick={() => setNewId(crypto.randomUUID())}
          >
            New contact
          </button>
        </div>
      </header>
      {newId !== undefined && (
        <ContactForm
          key={newId}
          id={newId}
          onSaved={() => {
            setNewId(undefined)
            goTo(addressOf('contacts', newId))
          }}
          onCancel={() => setNewId(undefined)}
        />
      )}
      {error !== null && (
        <div className="empty">
          <p role="alert">{error.message}</p>
          <button type="button" className="button" onClick={() => void refetch()}>
            Try again
          </button>
        </div>
      )}
      <div className="contacts-columns">
        {contacts === undefined ? (
          error === null && <LoadingList />
        ) : (
          <ContactList contacts={contacts} openId={openId} />
        )}
        {openId !== undefined && <ContactDialog key={openId} id={openId} />}
      </div>
    </div>
  )
}

interface ContactListProps {
  readonly contacts: readonly ListedContact[]
  readonly openId: string | undefined
}

function ContactList({ contacts, openId }: ContactListProps): ReactElement {
  const now = useNow()
  const agents = useAgentsAtWork()
  if (contacts.length === 0) {
    return <p className="empty">No contacts yet. The first one is made with “New contact”.</p>
  }
  return (
    <ul className="contact-list" aria-label="Contacts">
      {contacts.map((contact) => (
        <li key={contact.id}>
          <ContactCard
            contact={contact}
            isOpen={contact.id === openId}
            agent={agents.get(contact.id)}
            now={now}
          />
        </li>
      ))}
    </ul>
  )
}

function LoadingList(): ReactElement {
  return (
    <div className="contact-list" role="status" aria-label="Loading the contacts">
      {[1, 2, 3].map((n) => (
        <div key={n} className="card contact-card">
          <span className="contact-letter" />
          <span className="contact-text">
            <span className="bone bone-short" />
            <span className="bone" />
          </span>
        </div>
      ))}
    </div>
  )
}

/** When the dialog closes, the focus goes back to the card that it was opened from. */
function useFocusWhereItWas(openId: string | undefined): void {
  const before = useRef(openId)
  useEffect(() => {
    const closed = before.current
    before.current = openId
    if (closed === undefined || openId !== undefined) return
    document.querySelector<HTMLElement>(`[data-contact="${closed}"]`)?.focus()
  }, [openId])
}
