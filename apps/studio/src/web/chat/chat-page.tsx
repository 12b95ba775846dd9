import { type ReactElement, useEffect, useRef, useState } from 'react'
import { PageHeading } from '../shell/page-heading.js'
import { addressOf, goTo } from '../shell/use-place.js'
import type { AboutChat } from '../../trips/concierge/conversation.js'
import { ConversationList } from './conversation-list.js'
import { ConversationView } from './conversation-view.js'
import { DeleteButton } from './delete-button.js'
import { Notices } from './notices.js'
import { useConversations } from './use-conversations.js'
import { useNotices } from './use-notices.js'

/** Conversations, and the one that is open. A new one has its id before the server knows of it. */
export function ChatPage({ openId }: { openId: string | undefined }): ReactElement {
  const [newId, setNewId] = useState(() => crypto.randomUUID())
  const { conversations, about, refresh } = useConversations()
  const { notices, notify, dismiss } = useNotices()
  const id = openId ?? newId
  const shownId = useRef<string>(undefined)
  useEffect(() => {
    shownId.current = id
    return () => {
      shownId.current = undefined
    }
  }, [id])

  function startNew(): void {
    setNewId(crypto.randomUUID())
    goTo(addressOf('chat'))
  }

  function onDeleted(): void {
    startNew()
    refresh()
  }

  function onAsked(): void {
    // Who has gone elsewhere while it was sent stays there.
    if (shownId.current === id) goTo(addressOf('chat', id))
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
          {conversations?.some((each) => each.id === id) && (
            <DeleteButton key={id} id={id} onDeleted={onDeleted} notify={notify} />
          )}
        </header>
        <ConversationView
          key={id}
          id={id}
          hasBackend={about?.hasBackend === true}
          onAsked={onAsked}
          notify={notify}
        />
      </section>
      <Notices notices={notices} onDismiss={dismiss} />
    </div>
  )
}

function aboutText({ kind, model }: AboutChat): string {
  return kind === 'model'
    ? `Answers are written by the language model ${model}.`
    : 'Answers come from an offline assistant: patterns, the place data and your files, no language model.'
}
