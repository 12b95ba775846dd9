import type { ReactElement } from 'react'
import type { ConversationSummary } from '../../trips/concierge/conversation.js'
import { addressOf } from '../shell/use-place.js'

export interface ConversationListProps {
  readonly conversations: readonly ConversationSummary[] | undefined
  readonly openId: string
  readonly onNew: () => void
}

export function ConversationList({
  conversations,
  openId,
  onNew,
}: ConversationListProps): ReactElement {
  return (
    <nav className="chat-list" aria-label="Conversations">
      <button type="button" className="button button-wide" onClick={onNew}>
        New conversation
      </button>
      <ul>
        {conversations?.map(({ id, title }) => (
          <li key={id}>
            <a
              className="chat-list-item"
              href={addressOf('chat', id)}
              aria-current={id === openId ? 'page' : undefined}
            >
              {title}
            </a>
          </li>
        ))}
      </ul>
      {conversations?.length === 0 && <p className="muted">No conversations yet.</p>}
    </nav>
  )
}
