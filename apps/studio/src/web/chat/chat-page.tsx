import { type ReactElement, useState } from 'react'
import { PageHeading } from '../shell/page-heading.js'
import { addressOf, goTo } from '../shell/use-place.js'
import { ConversationList } from './conversation-list.js'
import { ConversationView } from './conversation-view.js'
import { Notices } from './notices.js'
import { useConversations } from './use-conversations.js'
import { useNotices } from './use-notices.js'

/** Conversations, and the one that is open. A new one has its id before the server knows of it. */
export function ChatPage({ openId }: { openId: string | undefined }): ReactElement {
  const [newId, setNewId] = useState(() => crypto.randomUUID())
  const { conversations, about, refresh } = useConversations()
  const { notices, notify, dismiss } = useNotices()
  const id = openId ?? newId

  function startNew(): void {
    setNewId(crypto.randomUUID())
    goTo(addressOf('chat'))
  }

  function onAsked(): void {
    goTo(addressOf('chat', id))
    refresh()
  }

  return (
    <div className="chat">
      <title>Chat · Longhaul Studio</title>
      <ConversationList conversations={conversations} openId={id} onNew={startNew} />
      <section className="chat-main" aria-label="Conversation">
        <header className="chat-head">
          <PageHeading>Chat</PageHeading>
          <p className="muted">{about === undefined ? '' : aboutText(about)}</p>
        </header>
        <ConversationView key={id} id={id} onAsked={onAsked} notify={notify} />
      </section>
      <Notices notices={notices} onDismiss={dismiss} />
    </div>
  )
}

function aboutText({ kind, model }: { kind: 'offline' | 'model'; model: string | null }): string {
  return kind === 'model'
    ? `Answers are written by the language model ${model}.`
    : 'Answers come from an offline assistant: patterns and the place data, no language model.'
}
