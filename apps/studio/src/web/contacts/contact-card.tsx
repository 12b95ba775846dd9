import type { ReactElement } from 'react'
import { StatusBadge } from 'longhaul/react'
import type { Agent } from '../../contacts/agents.js'
import { addressOf } from '../shell/use-place.js'
import { countOf, sinceInWords } from '../trips/trip-words.js'
import type { ListedContact } from './use-contacts.js'

export interface ContactCardProps {
  readonly contact: ListedContact
  readonly isOpen: boolean
  /** Who works for them just now. */
  readonly agent: Agent | undefined
  readonly now: number
}

export function ContactCard({ contact, isOpen, agent, now }: ContactCardProps): ReactElement {
  const { id, name, openDrafts, isArchived } = contact
  return (
    <a
      className="card contact-card"
      href={addressOf('contacts', id)}
      aria-current={isOpen ? 'true' : undefined}
      data-archived={isArchived}
      data-contact={id}
    >
      <span className="contact-letter" aria-hidden="true">
        {name.slice(0, 1)}
      </span>
      <span className="contact-text">
        <span className="contact-top">
          <span className="contact-name">{name}</span>
          {openDrafts > 0 && <span className="contact-drafts">{countOf(openDrafts, 'draft')}</span>}
        </span>
        <span className="muted">{whereOf(contact)}</span>
        {agent === undefined || isArchived ? (
          <span className="muted contact-state">{stateOf(contact, now)}</span>
        ) : (
          <span className="contact-state">
            <StatusBadge status="running" messages={{ statuses: { running: agent.busy } }} />
          </span>
        )}
      </span>
    </a>
  )
}

/** `Courier, Rapida` */
export function whereOf({ role, company }: Pick<ListedContact, 'role' | 'company'>): string {
  return [role, company].filter(Boolean).join(', ')
}

function stateOf({ isArchived, lastTalkAt }: ListedContact, now: number): string {
  if (isArchived) return 'Archived'
  return lastTalkAt === null ? 'No talks yet' : `Last talk ${sinceInWords(lastTalkAt, now)}`
}
