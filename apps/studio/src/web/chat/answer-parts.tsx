import type { ReactElement } from 'react'
import type { ToolApproval } from 'longhaul/ai'
import { addressOf } from '../shell/use-place.js'
import { ApprovalCard } from './approval-card.js'
import type { ChatMessage } from './chat-message.js'

export interface AnswerPartsProps {
  readonly message: ChatMessage
  /** For somebody to allow the call of a tool. */
  readonly isWaiting: boolean
  readonly onRespond: (approval: ToolApproval, approved: boolean) => Promise<void>
}

/** The parts of an answer in order: text, what tools did, and what somebody has to allow. */
export function AnswerParts({ message, isWaiting, onRespond }: AnswerPartsProps): ReactElement {
  return <>{message.parts.map((part, n) => show(part, n))}</>

  function show(part: ChatMessage['parts'][number], n: number): ReactElement | undefined {
    switch (part.type) {
      case 'text':
        return (
          <p key={n} className="chat-text">
            {part.text}
          </p>
        )
      case 'tool-find_places':
        return (
          <p key={n} className="chat-tool" data-done={part.state === 'output-available'}>
            Places near {part.input?.near}
          </p>
        )
      case 'tool-my_trips':
        return (
          <p key={n} className="chat-tool" data-done={part.state === 'output-available'}>
            Your trips
          </p>
        )
      case 'tool-plan_trip':
        if (part.state !== 'output-available' || !('tripId' in part.output)) return undefined
        return (
          <a key={n} className="button" href={addressOf('trips', part.output.tripId)}>
            Open the trip to {part.input.destination}
          </a>
        )
      case 'data-approval': {
        const call = message.parts.find(
          (each) => each.type === 'tool-plan_trip' && each.toolCallId === part.data.toolCallId,
        )
        if (call?.type !== 'tool-plan_trip' || call.state !== 'input-available') return undefined
        return (
          <ApprovalCard
            key={n}
            trip={call.input}
            isWaiting={isWaiting}
            onDecide={(approved) => onRespond(part.data, approved)}
          />
        )
      }
      default:
        return undefined
    }
  }
}
