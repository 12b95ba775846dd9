import type { FileUIPart } from 'ai'
import type { Attachment } from './attachment.js'
import { attachmentUrl } from './attachment-url.js'

/** As a message of the AI SDK has a file: where it is, and not what is in it. */
export function filePart({ id, name, mediaType }: Attachment): FileUIPart {
  return { type: 'file', mediaType, filename: name, url: attachmentUrl(id) }
}
