import { type ReactElement, useState } from 'react'
import { agents } from '../../contacts/agents.js'
import type { Draft } from '../../contacts/contact.js'
import { Field } from '../controls/field.js'
import { TextArea } from '../controls/text-area.js'
import { momentInWords } from '../trips/trip-words.js'
import { useChangeDraft } from './use-contacts.js'

export interface DraftsProps {
  readonly contactId: string
  readonly drafts: readonly Draft[]
}

/** What agents have written for a contact: open ones to be edited and decided on, then the others. */
export function Drafts({ contactId, drafts }: DraftsProps): ReactElement {
  const open = drafts.filter(({ status }) => status === 'open')
  const decided = drafts.filter(({ status }) => status !== 'open')
  return (
    <section className="contact-part" aria-label="Drafts">
      <h3>Drafts</h3>
      {open.length === 0 && <p className="empty">No open drafts. Ask an agent for one.</p>}
      <ul className="contact-draft-list">
        {open.map((draft) => (
          <li key={draft.id}>
            <OpenDraft contactId={contactId} draft={draft} />
          </li>
        ))}
      </ul>
      {decided.length > 0 && (
        <details>
          <summary>{`Accepted and dismissed (${decided.length})`}</summary>
          <ul className="contact-draft-list">
            {decided.map((draft) => (
              <li key={draft.id}>
                <DecidedDraft contactId={contactId} draft={draft} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  )
}

interface DraftProps {
  readonly contactId: string
  readonly draft: Draft
}

function OpenDraft({ contactId, draft }: DraftProps): ReactElement {
  const { mutate, isPending, error } = useChangeDraft(contactId, draft.id)
  const [subject, setSubject] = useState(draft.subject)
  const [body, setBody] = useState(draft.body)
  const isChanged = subject !== draft.subject || body !== draft.body
  const keep = (status: Draft['status']) => () => mutate({ subject, body, status })
  return (
    <article className="contact-draft" aria-label={draft.subject}>
      <p className="muted">{aboutOf(draft)}</p>
      <Field label="Subject" required maxLength={200} value={subject} onChange={setSubject} />
      <TextArea label="Text" required maxLength={10_000} rows={9} value={body} onChange={setBody} />
      <div className="note-actions">
        <button
          type="button"
          className="button button-main"
          disabled={isPending}
          onClick={keep('accepted')}
        >
          Accept
        </button>
        <button
          type="button"
          className="button"
          disabled={isPending || !isChanged}
          onClick={keep('open')}
        >
          Save
        </button>
        <button type="button" className="button" disabled={isPending} onClick={keep('dismissed')}>
          Dismiss
        </button>
        <p className="problem" role="alert">
          {error?.message}
        </p>
      </div>
    </article>
  )
}

function DecidedDraft({ contactId, draft }: DraftProps): ReactElement {
  const { mutate, isPending } = useChangeDraft(contactId, draft.id)
  const { subject, body, status } = draft
  return (
    <article className="contact-draft" aria-label={subject}>
      <p className="muted">{`${status === 'accepted' ? 'Accepted' : 'Dismissed'} · ${aboutOf(draft)}`}</p>
      <h4>{subject}</h4>
      <p className="contact-draft-text">{body}</p>
      <button
        type="button"
        className="button"
        disabled={isPending}
        onClick={() => mutate({ subject, body, status: 'open' })}
      >
        Open again
      </button>
    </article>
  )
}

function aboutOf({ agentId, updatedAt }: Draft): string {
  const agent = agents.find(({ id }) => id === agentId)
  return `${agent?.name ?? agentId} · ${momentInWords(updatedAt)}`
}
