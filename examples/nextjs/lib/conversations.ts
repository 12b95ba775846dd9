import type { Job } from 'longhaul'
import type { ChatRequest } from 'longhaul/ai/server'
import { longhaul } from './longhaul'
import { asPrincipal } from './session'

export interface Conversation {
  readonly id: string
  readonly firstQuestion: string
  readonly status: Job['status']
}

/** A user's chats, those asked in last at the top: each is known by its latest job. */
export async function conversationsOf(user: string): Promise<Conversation[]> {
  const selection = { type: ['chat'] }
  const page = await longhaul.jobs.list({ principal: asPrincipal(user), selection, limit: 50 })
  const latest = new Map<string, Conversation>()
  for (const { input, status } of page.jobs) {
    const { chatId, messages } = input as ChatRequest
    const [first] = messages[0]?.parts ?? []
    const firstQuestion = first?.type === 'text' ? first.text : ''
    if (!latest.has(chatId)) latest.set(chatId, { id: chatId, firstQuestion, status })
  }
  return [...latest.values()]
}
