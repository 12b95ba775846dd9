import type { Assistant } from '../assistant.js'

type Model = Extract<Assistant['model'], { readonly specificationVersion: 'v3' }>
type Prompt = Parameters<Model['doStream']>[0]['prompt']

/** A file as whoever answers gets it. */
export interface AttachedFile {
  readonly name: string
  readonly mediaType: string
  readonly data: Buffer
}

/** The files of the last question. */
export function filesOfQuestion(prompt: Prompt): AttachedFile[] {
  return filesOf(prompt.findLast(({ role }) => role === 'user'))
}

/** The files of the last question that has some. */
export function latestFiles(prompt: Prompt): AttachedFile[] {
  return filesOf(prompt.findLast((message) => filesOf(message).length > 0))
}

function filesOf(message: Prompt[number] | undefined): AttachedFile[] {
  if (message?.role !== 'user') return []
  return message.content.flatMap((part) => {
    if (part.type !== 'file' || part.data instanceof URL) return []
    const { filename = 'file', mediaType } = part
    return { name: filename, mediaType, data: Buffer.from(part.data as string, 'base64') }
  })
}
