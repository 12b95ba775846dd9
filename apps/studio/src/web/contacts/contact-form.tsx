import { type FormEvent, type ReactElement, useState } from 'react'
import type { Contact, ContactFacts } from '../../contacts/contact.js'
import { Field } from '../controls/field.js'
import { usePutContact } from './use-contacts.js'

export interface ContactFormProps {
  /** Of the contact that is changed, or of the one to be made. */
  readonly id: string
  readonly contact?: Contact
  readonly onSaved: () => void
  readonly onCancel: () => void
}

const timeZones = Intl.supportedValuesOf('timeZone')

export function ContactForm({ id, contact, onSaved, onCancel }: ContactFormProps): ReactElement {
  const [facts, setFacts] = useState<ContactFacts>(() => contact ?? emptyFacts())
  const { mutate, isPending, error } = usePutContact(id)
  const change = (name: keyof ContactFacts) => (value: string) =>
    setFacts({ ...facts, [name]: value })

  function submit(event: FormEvent): void {
    event.preventDefault()
    const { name, role, company, email, timeZone, isArchived } = facts
    if (!isPending)
      mutate({ name, role, company, email, timeZone, isArchived }, { onSuccess: onSaved })
  }

  return (
    <form
      className="card contact-form"
      aria-label={contact === undefined ? 'New contact' : `Change ${contact.name}`}
      onSubmit={submit}
    >
      <Field
        label="Name"
        required
        maxLength={100}
        autoComplete="off"
        value={facts.name}
        onChange={change('name')}
      />
      <Field label="Role" maxLength={100} value={facts.role} onChange={change('role')} />
      <Field label="Company" maxLength={100} value={facts.company} onChange={change('company')} />
      <Field
        label="E-mail"
        type="email"
        maxLength={200}
        autoComplete="off"
        value={facts.email}
        onChange={change('email')}
      />
      <label className="field">
        <span>Time zone</span>
        <select value={facts.timeZone} onChange={({ target }) => change('timeZone')(target.value)}>
          {[...new Set([facts.timeZone, ...timeZones])].map((zone) => (
            <option key={zone}>{zone}</option>
          ))}
        </select>
      </label>
      <div className="trip-form-end">
        <button type="submit" className="button button-main" disabled={isPending}>
          Save
        </button>
        <button type="button" className="button" onClick={onCancel}>
          Leave it
        </button>
        <p className="problem" role="alert">
          {error?.message}
        </p>
      </div>
    </form>
  )
}

function emptyFacts(): ContactFacts {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  return { name: '', role: '', company: '', email: '', timeZone, isArchived: false }
}
