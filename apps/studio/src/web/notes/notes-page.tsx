import { type ReactElement, useState } from 'react'
import { useNow } from '../controls/use-now.js'
import type { Me } from '../session/session-api.js'
import { PageHeading } from '../shell/page-heading.js'
import { addressOf, goTo } from '../shell/use-place.js'
import { sinceInWords } from '../trips/trip-words.js'
import { NoteForm } from './note-form.js'
import { type Note, useNotes } from './use-notes.js'

/** What the people of an organisation have written down. */
export function NotesPage({ me }: { me: Me }): ReactElement {
  const { data: notes, error, refetch } = useNotes()
  const [isWriting, setIsWriting] = useState(false)
  return (
    <>
      <title>Notes · Longhaul Studio</title>
      <a className="back back-always" href={addressOf('research')}>
        Research
      </a>
      <header className="page-head page-head-with-action">
        <div>
          <PageHeading>Notes</PageHeading>
          <p className="lead">
            Everyone at {me.organisation.name} reads and writes them, and nobody else.
          </p>
        </div>
        {!isWriting && (
          <button type="button" className="button button-main" onClick={() => setIsWriting(true)}>
            New note
          </button>
        )}
      </header>
      {isWriting && (
        <NoteForm
          onSaved={({ id }) => goTo(addressOf('notes', id))}
          onCancel={() => setIsWriting(false)}
        />
      )}
      {error !== null && (
        <div className="empty">
          <p role="alert">{error.message}</p>
          <button type="button" className="button" onClick={() => void refetch()}>
            Try again
          </button>
        </div>
      )}
      {notes === undefined ? (
        error === null && <p className="page-note" role="status" aria-label="Loading the notes" />
      ) : (
        <NoteList notes={notes} />
      )}
    </>
  )
}

function NoteList({ notes }: { notes: readonly Note[] }): ReactElement {
  const now = useNow()
  if (notes.length === 0) {
    return <p className="empty">No notes yet. Questions are answered from what is written here.</p>
  }
  return (
    <ul className="note-list">
      {notes.map(({ id, title, body, author, updatedAt }) => (
        <li key={id}>
          <a className="card note-row" href={addressOf('notes', id)}>
            <span className="note-title">{title}</span>
            <span className="note-begin">{body}</span>
            <span className="muted">
              {author} · {sinceInWords(updatedAt, now)}
            </span>
          </a>
        </li>
      ))}
    </ul>
  )
}
