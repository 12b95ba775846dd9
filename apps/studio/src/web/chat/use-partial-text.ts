import type { UIMessageChunk } from 'ai'
import type { Job } from 'longhaul'
import { useJobStream } from 'longhaul/react'
import type { ChatMessage } from './chat-message.js'

/** What an answer that did not come to its end had written, when the page does not have it any more. */
export function usePartialText(job: Job | undefined, message: ChatMessage | undefined): string {
  const isCutOff = job?.status === 'cancelled' || job?.status === 'failed'
  const { values } = useJobStream<UIMessageChunk>(isCutOff && message === undefined ? job.id : null)
  return values.map((chunk) => (chunk.type === 'text-delta' ? chunk.delta : '')).join('')
}
