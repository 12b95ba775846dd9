import type { UIMessage } from 'ai'
import type { WrittenBy } from '../../model/written-by.js'
import type { Answerer } from './answerer.js'

/** Who answers in the chat. */
export type AboutChat = WrittenBy & { readonly hasBackend: boolean }

export interface ConversationSummary {
  readonly id: string
  readonly title: string
  readonly updatedAt: string
}

export interface StoredMessage {
  readonly id: string
  readonly role: 'user' | 'assistant'
  readonly parts: UIMessage['parts']
  /** Of a question: the job that answers it. */
  readonly jobId: string
  /** Of a question: for whom it is. */
  readonly answerer: Answerer | null
}

export interface Conversation {
  readonly id: string
  readonly title: string
  readonly messages: readonly StoredMessage[]
}
