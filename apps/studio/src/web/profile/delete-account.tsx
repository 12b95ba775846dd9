import { type ReactElement, useState } from 'react'
import { Field } from '../controls/field.js'
import { useSubmit } from '../controls/use-submit.js'
import type { SessionActions } from '../session/use-session.js'

export interface DeleteAccountProps {
  readonly email: string
  readonly onDelete: SessionActions['deleteAccount']
}

/** The way out for good. The email has to be typed, so that nobody takes it by a slip. */
export function DeleteAccount({ email, onDelete }: DeleteAccountProps): ReactElement {
  const [typed, setTyped] = useState('')
  const { isBusy, problem, onSubmit } = useSubmit(() => onDelete(typed))
  const isMeant = typed.trim().toLowerCase() === email.toLowerCase()
  return (
    <form className="stack" onSubmit={onSubmit}>
      <p className="muted">
        Your trips, goals, tasks, chats and jobs are deleted, and what runs is stopped. Notes stay
        with the organisation, without your name. It cannot be undone.
      </p>
      <Field
        label="Your email, to confirm"
        type="email"
        autoComplete="off"
        value={typed}
        onChange={setTyped}
      />
      <p className="problem" role="alert">
        {problem}
      </p>
      <button type="submit" className="button" disabled={isBusy || !isMeant}>
        {isBusy ? 'Deleting…' : 'Delete my account'}
      </button>
    </form>
  )
}
