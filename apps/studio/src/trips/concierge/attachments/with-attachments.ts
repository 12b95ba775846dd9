import type { FileUIPart, UIMessage } from 'ai'
import { mostAttachments, mostImageBytes } from './attachment-limits.js'
import { attachmentIdOf } from './attachment-url.js'

/** Reads what was attached; nothing when it is not there. */
export type ReadAttachment = (id: string) => Promise<Buffer | undefined>

/** About as much as one question can have: the process that answers holds it, and a model reads it. */
const mostBytes = mostAttachments * mostImageBytes

/**
 * The messages with what is attached to them, for whoever answers: the job's input only says where it is.
 * When it is too much, that of the latest questions is there; of the rest, that it was.
 */
export async function withAttachments(
  messages: readonly UIMessage[],
  read: ReadAttachment,
): Promise<UIMessage[]> {
  let room = mostBytes
  const filled: UIMessage[] = []
  for (const message of messages.toReversed()) {
    const parts: UIMessage['parts'] = []
    for (const part of message.parts) parts.push(part.type === 'file' ? await fill(part) : part)
    filled.unshift({ ...message, parts })
  }
  return filled

  async function fill(part: FileUIPart): Promise<UIMessage['parts'][number]> {
    const id = attachmentIdOf(part.url)
    const data = id === undefined || room <= 0 ? undefined : await read(id)
    if (data === undefined) {
      return { type: 'text', text: `[Here was the file ${part.filename ?? 'without a name'}.]` }
    }
    room -= data.length
    return { ...part, url: `data:${part.mediaType};base64,${data.toString('base64')}` }
  }
}
