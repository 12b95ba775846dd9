import type { UIMessage } from 'ai'
import type { WrittenBy } from '../../model/written-by.js'

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
}

export interface Conversation {
  readonly id: string
  readonly title: string
  readonly messages: readonly StoredMessage[]
}
