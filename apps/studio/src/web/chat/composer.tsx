import {
  type ClipboardEvent,
  type FormEvent,
  type KeyboardEvent,
  type ReactElement,
  type ReactNode,
  useId,
} from 'react'
import { AttachButton } from './attachments/attach-button.js'
import { AttachedFiles } from './attachments/attached-files.js'
import type { UseAttachments } from './attachments/use-attachments.js'
import { useDroppedFiles } from './attachments/use-dropped-files.js'

export interface ComposerProps {
  readonly draft: string
  readonly attachments: UseAttachments
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
  const { draft, attachments, isBusy, hasSuggestions, onDraft, onSend, choice } = props
  const { attached, attach, remove } = attachments
  const id = useId()
  const isOver = useDroppedFiles(attach)
  const isEmpty = draft.trim() === '' && attached.length === 0
  const canSend = !isEmpty && !isBusy && attached.every(({ kept }) => kept !== undefined)

  function submit(event: FormEvent | KeyboardEvent): void {
    event.preventDefault()
    if (canSend) onSend(draft.trim())
  }

  function onKeyDown(event: KeyboardEvent): void {
    // While an input method puts a character together, Enter belongs to it.
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) submit(event)
  }

  function onPaste(event: ClipboardEvent): void {
    const files = [...event.clipboardData.files]
    if (files.length === 0) return
    event.preventDefault()
    attach(files)
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
      <AttachedFiles attached={attached} onRemove={remove} />
      <form className="chat-form" data-over={isOver} onSubmit={submit}>
        <AttachButton onAttach={attach} />
        <label className="visually-hidden" htmlFor={id}>
          Message
        </label>
        <textarea
          id={id}
          rows={1}
          maxLength={4000}
          placeholder={isOver ? 'Drop the files here' : 'Ask about a trip'}
          value={draft}
          onChange={({ target }) => onDraft(target.value)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
        />
        <button type="submit" className="button button-main" disabled={!canSend}>
          Send
        </button>
      </form>
    </div>
  )
}
