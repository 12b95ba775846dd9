import type { ToolApproval } from 'longhaul/ai'
import type { UIMessage } from 'ai'
import type { Answerer } from '../../trips/concierge/answerer.js'
import type { FoundPlaces } from '../../trips/concierge/found-places.js'
import type { StoredMessage } from '../../trips/concierge/conversation.js'
import type { KnownTrip, TripPlanned } from '../../trips/concierge/trip-desk.js'

/** What is known of a question that the studio has: the job that answers it, and for whom it is. */
export interface AskedOf {
  readonly jobId: string
  readonly answerer: Answerer
}

/** A message of the chat. */
export type ChatMessage = UIMessage<
  Partial<AskedOf>,
  { approval: ToolApproval; job: { readonly jobId: string } },
  {
    find_places: {
      input: { near: string; count: number; interests: string[] }
      output: FoundPlaces
    }
    my_trips: { input: object; output: { trips: readonly KnownTrip[] } }
    plan_trip: { input: { destination: string; days: number }; output: TripPlanned }
  }
>

/** A question and, once it has begun, its answer. */
export interface Turn {
  readonly question: ChatMessage
  readonly answer: ChatMessage | undefined
}

export function turnsOf(messages: readonly ChatMessage[]): Turn[] {
  const turns: Turn[] = []
  for (const message of messages) {
    const last = turns.at(-1)
    if (message.role === 'user') turns.push({ question: message, answer: undefined })
    else if (last !== undefined) turns[turns.length - 1] = { ...last, answer: message }
  }
  return turns
}

export function fromStored({ id, role, parts, jobId, answerer }: StoredMessage): ChatMessage {
  const metadata = { jobId, answerer: answerer ?? 'assistant' }
  return { id, role, parts: parts as ChatMessage['parts'], metadata }
}

export function textOf({ parts }: ChatMessage): string {
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('')
}
