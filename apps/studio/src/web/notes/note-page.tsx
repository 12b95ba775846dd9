import { type ReactElement, useState } from 'react'
import { NotFoundPage } from '../shell/not-found-page.js'
import { PageHeading } from '../shell/page-heading.js'
import { addressOf, goTo } from '../shell/use-place.js'
import { momentInWords } from '../trips/trip-words.js'
import { NoteForm } from './note-form.js'
import { type Note, useNotes, useRemoveNote } from './use-notes.js'

export function NotePage({ id }: { id: string }): ReactElement {
  const { data: notes, error } = useNotes()
  const [isEditing, setIsEditing] = useState(false)
  const note = notes?.find((each) => each.id === id)
  if (notes !== undefined && note === undefined) {
    return (
      <NotFoundPage
        title="There is no such note"
        why="It was deleted, or it belongs to another organisation."
      />
    )
  }
  return (
    <>
      <a className="back back-always" href={addressOf('notes')}>
        All notes
      </a>
      {note === undefined ? (
        <p className="page-note" role={error === null ? 'status' : 'alert'}>
          {error?.message ?? <span className="visually-hidden">Loading the note</span>}
        </p>
      ) : (
        <article>
          <title>{`${note.title} · Longhaul Studio`}</title>
          <header className="page-head page-head-with-action">
            <div>
              <PageHeading>{note.title}</PageHeading>
              <p className="lead">
                {note.author}, {momentInWords(note.updatedAt)}
              </p>
            </div>
            {!isEditing && <Actions note={note} onEdit={() => setIsEditing(true)} />}
          </header>
          {isEditing ? (
            <NoteForm
              note={note}
              onSaved={() => setIsEditing(false)}
              onCancel={() => setIsEditing(false)}
            />
          ) : (
            <p className="card note-body">{note.body}</p>
          )}
        </article>
      )}
    </>
  )
}

/** To delete takes two presses, because nothing brings a note back. */
function Actions({ note, onEdit }: { note: Note; onEdit: () => void }): ReactElement {
  const { mutate, isPending, error } = useRemoveNote(note.id)
  const [isSure, setIsSure] = useState(false)
  return (
    <div className="note-actions">
      <button type="button" className="button" onClick={onEdit}>
        Edit
      </button>
      <button
        type="button"
        className="button"
        disabled={isPending}
        onBlur={() => setIsSure(false)}
        onClick={() =>
          isSure
            ? mutate(undefined, { onSuccess: () => goTo(addressOf('notes')) })
            : setIsSure(true)
        }
      >
        {isSure ? 'Really delete' : 'Delete'}
      </button>
      <p className="problem" role="alert">
        {error?.message}
      </p>
    </div>
  )
}
