import { type ReactElement, useCallback, useEffect, useRef, useState } from 'react'
import { isSettled } from 'longhaul'
import { useJobs } from 'longhaul/react'
import type { ChatRequest } from 'longhaul/ai/server'
import type { Answerer } from '../../trips/concierge/answerer.js'
import { useAttachments } from './attachments/use-attachments.js'
import { fetchConversation } from './chat-api.js'
import { Chat } from './chat.js'
import { type ChatMessage, fromStored } from './chat-message.js'
import type { Notify } from './use-notices.js'

export interface ConversationViewProps {
  readonly id: string
  readonly hasBackend: boolean
  readonly onAsked: () => void
  readonly notify: Notify
}

interface Loaded {
  readonly messages: ChatMessage[]
  /** Another one each time that the messages were read: the chat then begins with them. */
  readonly edition: number
}

const answers = { type: ['ai_concierge_query'] }

/** Reads a conversation, and again when another tab asks in it or an answer is tried again. */
export function ConversationView(props: ConversationViewProps): ReactElement {
  const { id, hasBackend, onAsked, notify } = props
  const [loaded, setLoaded] = useState<Loaded>()
  const [hasFailed, setHasFailed] = useState(false)
  const [draft, setDraft] = useState('')
  const attachments = useAttachments(notify)
  const [answerer, setAnswerer] = useState<Answerer>('assistant')
  const { jobs } = useJobs(answers)
  const latest = jobs.find(({ input }) => (input as ChatRequest).chatId === id)
  const latestId = latest?.id
  const hasEnded = latest !== undefined && isSettled(latest.status)
  const known = useRef(new Set<string>())
  const ended = useRef<string>(undefined)

  const load = useCallback(async () => {
    try {
      const { messages } = await fetchConversation(id)
      for (const { jobId } of messages) known.current.add(jobId)
      setLoaded((before) => ({
        messages: messages.map(fromStored),
        edition: (before?.edition ?? 0) + 1,
      }))
    } catch (error) {
      setHasFailed(true)
      notify(error instanceof Error ? error.message : 'The conversation could not be read.')
    }
  }, [id, notify])
  // oxlint-disable-next-line react/set-state-in-effect -- it is set when the server has answered
  useEffect(() => void load(), [load])
  const isLoaded = loaded !== undefined
  useEffect(() => {
    if (latestId === undefined || !isLoaded) return
    const isAgain = ended.current === latestId && !hasEnded
    ended.current = hasEnded ? latestId : undefined
    if (known.current.has(latestId) && !isAgain) return
    known.current.add(latestId)
    void load()
  }, [latestId, hasEnded, isLoaded, load])

  if (loaded === undefined && hasFailed) {
    return (
      <p className="chat-state">
        Not read.{' '}
        <button
          type="button"
          className="button"
          onClick={() => {
            setHasFailed(false)
            void load()
          }}
        >
          Try again
        </button>
      </p>
    )
  }
  if (loaded === undefined) return <p className="chat-turns" role="status" aria-label="Loading" />
  return (
    <Chat
      key={loaded.edition}
      id={id}
      messages={loaded.messages}
      draft={draft}
      onDraft={setDraft}
      attachments={attachments}
      answerer={answerer}
      onAnswerer={hasBackend ? setAnswerer : undefined}
      onAsking={(jobId) => void known.current.add(jobId)}
      onAsked={onAsked}
      notify={notify}
    />
  )
}
