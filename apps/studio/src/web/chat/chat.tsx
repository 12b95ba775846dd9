import { useChat } from '@ai-sdk/react'
import { type ReactElement, useEffect, useState } from 'react'
import type { ChatTransportOptions } from 'longhaul/ai'
import { useChatTransport } from 'longhaul/ai/react'
import { type Answerer, answererOf } from '../../trips/concierge/answerer.js'
import { Answer } from './answer.js'
import { AnswererChoice } from './answerer-choice.js'
import { sendQuestion } from './chat-api.js'
import { filePart } from '../../trips/concierge/attachments/file-part.js'
import type { UseAttachments } from './attachments/use-attachments.js'
import { type AskedOf, type ChatMessage, turnsOf } from './chat-message.js'
import { Composer } from './composer.js'
import { Question } from './question.js'
import type { Notify } from './use-notices.js'
import { useEndInView } from './use-end-in-view.js'

export interface ChatProps {
  readonly id: string
  readonly messages: ChatMessage[]
  readonly draft: string
  readonly onDraft: (draft: string) => void
  readonly attachments: UseAttachments
  readonly answerer: Answerer
  /** Absent: there is no choice. */
  readonly onAnswerer: ((answerer: Answerer) => void) | undefined
  /** A job is being made here, so it is not another tab's. */
  readonly onAsking: (jobId: string) => void
  readonly onAsked: () => void
  readonly notify: Notify
}

type Create = NonNullable<ChatTransportOptions['create']>

/** The turns of a conversation, and where one asks. */
export function Chat(props: ChatProps): ReactElement {
  const { id, draft, onDraft, attachments, answerer, onAnswerer, onAsking, onAsked, notify } = props
  const [asked, setAsked] = useState<Readonly<Record<string, AskedOf>>>({})
  const [create] = useState((): Create => async (request, options) => {
    onAsking(options.id)
    const sent = await sendQuestion(request, options)
    const known = { jobId: options.id, answerer: answererOf(request.body) }
    setAsked((before) => ({ ...before, [request.messages.at(-1)!.id]: known }))
    onAsked()
    return sent
  })
  const transport = useChatTransport<ChatMessage>({ id, type: 'ai_concierge_query', create })
  const chat = useChat<ChatMessage>({ id, transport, messages: props.messages, resume: true })
  const turns = turnsOf(chat.messages)
  const askedOf = (question: ChatMessage): Partial<AskedOf> =>
    asked[question.id] ?? question.metadata ?? {}
  const last = turns.at(-1)
  const isUnsent =
    last !== undefined && chat.status === 'error' && askedOf(last.question).jobId === undefined
  const isBusy = chat.status === 'submitted' || chat.status === 'streaming'
  useEndInView()

  useEffect(() => {
    if (isUnsent) notify(`The message was not sent: ${chat.error?.message ?? ''}`)
  }, [isUnsent, chat.error, notify])

  function send(text: string): void {
    const files = attachments.attached.flatMap(({ kept }) => (kept ? [filePart(kept)] : []))
    onDraft('')
    attachments.clear()
    void chat.sendMessage({ text, files }, { body: { answerer } })
  }

  return (
    <>
      <ol className="chat-turns" aria-label="Messages">
        {turns.map(({ question, answer }, n) => (
          <li key={question.id} className="chat-turn">
            <Question message={question} />
            {isUnsent && n === turns.length - 1 ? (
              <p className="chat-state">
                Not sent.{' '}
                <button
                  type="button"
                  className="button"
                  onClick={() => void chat.regenerate({ body: { answerer } })}
                >
                  Send again
                </button>
              </p>
            ) : (
              <Answer
                {...askedOf(question)}
                message={answer}
                isLast={n === turns.length - 1}
                onRespond={(approval, response) => transport.respond(approval, response)}
                notify={notify}
              />
            )}
          </li>
        ))}
      </ol>
      <Composer
        choice={onAnswerer && <AnswererChoice answerer={answerer} onChoose={onAnswerer} />}
        draft={draft}
        attachments={attachments}
        isBusy={isBusy}
        hasSuggestions={turns.length === 0}
        onDraft={onDraft}
        onSend={send}
      />
    </>
  )
}
