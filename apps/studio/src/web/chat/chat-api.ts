import type { ChatTransportOptions } from 'longhaul/ai'
import type {
  AboutChat,
  Conversation,
  ConversationSummary,
} from '../../trips/concierge/conversation.js'
import type { Attachment } from '../../trips/concierge/attachments/attachment.js'
import { attachmentUrl } from '../../trips/concierge/attachments/attachment-url.js'
import { askStudio } from '../controls/ask-studio.js'

export interface Conversations {
  readonly about: AboutChat
  readonly conversations: readonly ConversationSummary[]
}

export const fetchConversations = (): Promise<Conversations> => askStudio('/api/chat/conversations')

/** A conversation that is new, or somebody else's, has no messages. */
export const fetchConversation = (id: string): Promise<Conversation> =>
  askStudio(`/api/chat/conversations/${id}`)

/** The studio keeps the question and asks for its answer, in one transaction. */
export const sendQuestion: NonNullable<ChatTransportOptions['create']> = (request, options) =>
  askStudio('/api/chat/questions', 'POST', { request, options })

/** With all its answers, and what is being written. */
export const deleteConversation = (id: string): Promise<void> =>
  askStudio(`/api/chat/conversations/${id}`, 'DELETE')

/** The studio keeps it until it is sent with a question. */
export const sendAttachment = (id: string, file: File): Promise<Attachment> =>
  askStudio(`${attachmentUrl(id)}?name=${encodeURIComponent(file.name)}`, 'PUT', file)

export const removeAttachment = (id: string): Promise<void> =>
  askStudio(attachmentUrl(id), 'DELETE')
