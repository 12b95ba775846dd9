import { type FormEvent, type KeyboardEvent, type ReactElement, type ReactNode, useId } from 'react'

export interface ComposerProps {
  readonly draft: string
  /** An answer is under way: the next question waits. */
  readonly isBusy: boolean
  readonly hasSuggestions: boolean
  readonly onDraft: (draft: string) => void
  readonly onSend: (text: string) => void
  /** Of who is to answer, if there is one. */
  readonly choice: ReactNode
}

const suggestions = [
  'Six towns near Lisbon by the sea',
  'How are my trips?',
  'Plan a trip to Porto for 3 days',
]

/** Where one asks: Enter sends, Shift and Enter begins a new line. */
export function Composer(props: ComposerProps): ReactElement {
  const { draft, isBusy, hasSuggestions, onDraft, onSend, choice } = props
  const id = useId()
  const canSend = draft.trim() !== '' && !isBusy

  function submit(event: FormEvent | KeyboardEvent): void {
    event.preventDefault()
    if (canSend) onSend(draft.trim())
  }

  function onKeyDown(event: KeyboardEvent): void {
    // While an input method puts a character together, Enter belongs to it.
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) submit(event)
  }

  return (
    <div className="chat-composer">
      {hasSuggestions && (
        <ul className="chat-suggestions" aria-label="Suggestions">
          {suggestions.map((text) => (
            <li key={text}>
              <button type="button" className="button" onClick={() => onSend(text)}>
                {text}
              </button>
            </li>
          ))}
        </ul>
      )}
      {choice}
      <form className="chat-form" onSubmit={submit}>
        <label className="visually-hidden" htmlFor={id}>
          Message
        </label>
        <textarea
          id={id}
          rows={1}
          maxLength={4000}
          placeholder="Ask about places and trips"
          value={draft}
          onChange={({ target }) => onDraft(target.value)}
          onKeyDown={onKeyDown}
        />
        <button type="submit" className="button button-main" disabled={!canSend}>
          Send
        </button>
      </form>
    </div>
  )
}
