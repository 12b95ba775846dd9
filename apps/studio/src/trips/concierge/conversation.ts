import type { UIMessage } from 'ai'

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
