import { type KeyboardEvent, type ReactElement, useEffect, useRef, useState } from 'react'
import type { Contact } from '../../contacts/contact.js'
import { addressOf, goTo } from '../shell/use-place.js'
import { AgentTasks } from './agent-tasks.js'
import { whereOf } from './contact-card.js'
import { ContactForm } from './contact-form.js'
import { Drafts } from './drafts.js'
import { RemoveContact } from './remove-contact.js'
import { Talks } from './talks.js'
import { useContactFile, usePutContact } from './use-contacts.js'

/**
 * All that is known of a contact, beside the list on a desk and in its place on a phone. It is not
 * modal: the cards go on telling who works for whom. Escape closes it.
 */
export function ContactDialog({ id }: { id: string }): ReactElement {
  const { data: file, error } = useContactFile(id)
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.focus({ preventScroll: true }), [])

  function onKeyDown({ key }: KeyboardEvent): void {
    if (key === 'Escape') close()
  }

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape closes a dialog wherever the focus is in it
    <dialog
      open
      ref={dialog}
      className="card contact-dialog"
      aria-label={file?.contact.name ?? 'Contact'}
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      <button type="button" className="button contact-close" onClick={close}>
        Close
      </button>
      {file === undefined ? (
        <p role={error === null ? 'status' : 'alert'}>
          {error?.message ?? <span className="visually-hidden">Loading the contact</span>}
        </p>
      ) : (
        <>
          <ContactHead contact={file.contact} />
          {file.contact.isArchived ? (
            <p className="empty">
              {file.contact.name} is archived: no agent works for them, and nothing here is live.
            </p>
          ) : (
            <AgentTasks contactId={id} />
          )}
          <Drafts contactId={id} drafts={file.drafts} />
          <Talks contactId={id} talks={file.talks} />
          <RemoveContact contact={file.contact} />
        </>
      )}
    </dialog>
  )
}

function ContactHead({ contact }: { contact: Contact }): ReactElement {
  const { mutate, isPending, error } = usePutContact(contact.id)
  const [isEditing, setIsEditing] = useState(false)
  const { id, ...facts } = contact
  if (isEditing) {
    const end = (): void => setIsEditing(false)
    return <ContactForm id={id} contact={contact} onSaved={end} onCancel={end} />
  }
  return (
    <header className="contact-head">
      <h2>{contact.name}</h2>
      <p className="muted">
        {[whereOf(contact), contact.email, contact.timeZone].filter(Boolean).join(' · ')}
      </p>
      <div className="note-actions">
        <button type="button" className="button" onClick={() => setIsEditing(true)}>
          Edit
        </button>
        <button
          type="button"
          className="button"
          disabled={isPending}
          onClick={() => mutate({ ...facts, isArchived: !contact.isArchived })}
        >
          {contact.isArchived ? 'Take out of the archive' : 'Archive'}
        </button>
        <p className="problem" role="alert">
          {error?.message}
        </p>
      </div>
    </header>
  )
}

function close(): void {
  goTo(addressOf('contacts'))
}
