import { type FormEvent, type ReactElement, useState } from 'react'
import type { Talk } from '../../contacts/contact.js'
import { Field } from '../controls/field.js'
import { TextArea } from '../controls/text-area.js'
import { momentInWords } from '../trips/trip-words.js'
import { useAddTalk } from './use-contacts.js'

export interface TalksProps {
  readonly contactId: string
  readonly talks: readonly Talk[]
}

/** What was said, newest first. Agents work with this and with nothing else. */
export function Talks({ contactId, talks }: TalksProps): ReactElement {
  return (
    <section className="contact-part" aria-label="Talks">
      <h3>Talks</h3>
      <details>
        <summary>Write one down</summary>
        <TalkForm contactId={contactId} />
      </details>
      <ol className="contact-talks">
        {talks.map(({ id, kind, at, minutes, text }) => (
          <li key={id}>
            <p className="muted">
              <span className="contact-talk-kind">{kind}</span>
              {` · ${momentInWords(at)}`}
              {minutes !== null && ` · ${minutes} min`}
            </p>
            <p>{text}</p>
          </li>
        ))}
      </ol>
    </section>
  )
}

const kinds: readonly Talk['kind'][] = ['call', 'meeting', 'message']

function TalkForm({ contactId }: { contactId: string }): ReactElement {
  const { mutate, isPending, error } = useAddTalk(contactId)
  const [talk, setTalk] = useState(emptyTalk)

  function submit(event: FormEvent): void {
    event.preventDefault()
    if (isPending) return
    const { at, minutes, ...rest } = talk
    mutate(
      {
        ...rest,
        at: new Date(at).toISOString(),
        minutes: minutes === '' ? null : Number(minutes),
      },
      { onSuccess: () => setTalk(emptyTalk()) },
    )
  }

  return (
    <form className="contact-talk-form" onSubmit={submit}>
      <label className="field">
        <span>Kind</span>
        <select
          value={talk.kind}
          onChange={({ target }) => setTalk({ ...talk, kind: target.value as Talk['kind'] })}
        >
          {kinds.map((kind) => (
            <option key={kind}>{kind}</option>
          ))}
        </select>
      </label>
      <Field
        label="When"
        type="datetime-local"
        required
        value={talk.at}
        onChange={(at) => setTalk({ ...talk, at })}
      />
      <Field
        label="Minutes"
        type="number"
        min={1}
        max={1440}
        value={talk.minutes}
        onChange={(minutes) => setTalk({ ...talk, minutes })}
      />
      <TextArea
        label="What was said"
        required
        maxLength={5000}
        rows={4}
        value={talk.text}
        onChange={(text) => setTalk({ ...talk, text })}
      />
      <div className="note-actions">
        <button type="submit" className="button" disabled={isPending}>
          Write it down
        </button>
        <p className="problem" role="alert">
          {error?.message}
        </p>
      </div>
    </form>
  )
}

/** A new one each time, with an id of its own: sent twice, it is written down once. */
function emptyTalk(): {
  id: string
  kind: Talk['kind']
  at: string
  minutes: string
  text: string
} {
  const now = new Date()
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000)
  return {
    id: crypto.randomUUID(),
    kind: 'call',
    at: local.toISOString().slice(0, 16),
    minutes: '',
    text: '',
  }
}
