'use client'
import { type FormEvent, type ReactElement, useState } from 'react'

interface Props {
  /** An answer is under way: the next question waits. */
  readonly isBusy: boolean
  readonly onSend: (text: string) => void
}

export function Composer({ isBusy, onSend }: Props): ReactElement {
  const [draft, setDraft] = useState('')
  const canSend = draft.trim() !== '' && !isBusy

  function submit(event: FormEvent): void {
    event.preventDefault()
    if (!canSend) return
    onSend(draft.trim())
    setDraft('')
  }

  return (
    <form className="composer" onSubmit={submit}>
      <input
        aria-label="Message"
        placeholder="What about 27?"
        maxLength={1000}
        value={draft}
        onChange={({ target }) => setDraft(target.value)}
      />
      <button className="button button-main" disabled={!canSend}>
        Send
      </button>
    </form>
  )
}
