import { type ReactElement, useState } from 'react'
import type { Contact } from '../../contacts/contact.js'
import { addressOf, goTo } from '../shell/use-place.js'
import { useRemoveContact } from './use-contacts.js'

/** To delete takes two presses, because nothing brings a contact back. */
export function RemoveContact({ contact: { id, name } }: { contact: Contact }): ReactElement {
  const { mutate, isPending, error } = useRemoveContact(id)
  const [isSure, setIsSure] = useState(false)

  function press(): void {
    if (!isSure) return setIsSure(true)
    mutate(undefined, { onSuccess: () => goTo(addressOf('contacts')) })
  }

  return (
    <footer className="note-actions">
      <button
        type="button"
        className="button"
        disabled={isPending}
        onBlur={() => setIsSure(false)}
        onClick={press}
      >
        {isSure ? `Really delete ${name}, with all talks and drafts` : 'Delete'}
      </button>
      <p className="problem" role="alert">
        {error?.message}
      </p>
    </footer>
  )
}
