import { type FormEvent, type ReactElement, useState } from 'react'
import { Field } from '../controls/field.js'
import { TextArea } from '../controls/text-area.js'
import { type Note, type NoteDraft, useSaveNote } from './use-notes.js'

export interface NoteFormProps {
  /** A new one without it. */
  readonly note?: Note
  readonly onSaved: (note: Note) => void
  readonly onCancel: () => void
}

export function NoteForm({ note, onSaved, onCancel }: NoteFormProps): ReactElement {
  const [draft, setDraft] = useState<NoteDraft>({
    title: note?.title ?? '',
    body: note?.body ?? '',
  })
  const { mutate, isPending, error } = useSaveNote(note?.id)

  function submit(event: FormEvent): void {
    event.preventDefault()
    if (!isPending) mutate(draft, { onSuccess: onSaved })
  }

  return (
    <form className="card trip-form" onSubmit={submit}>
      <Field
        label="Title"
        required
        maxLength={200}
        autoComplete="off"
        value={draft.title}
        onChange={(title) => setDraft({ ...draft, title })}
      />
      <TextArea
        label="Text"
        required
        maxLength={20_000}
        rows={10}
        value={draft.body}
        onChange={(body) => setDraft({ ...draft, body })}
      />
      <div className="trip-form-end">
        <button type="submit" className="button button-main" disabled={isPending}>
          Save the note
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
