import { type ImageFacts, readImageFacts } from './image-facts.js'

/** What a file is by what is in it. Neither its name nor whoever sends it is asked. */
export type FileFacts =
  | ImageFacts
  | { readonly mediaType: 'text/plain'; readonly width: null; readonly height: null }

/** Nothing for a file that is neither an image nor text. Markup is text, SVG too. */
export function identifyFile(data: Buffer): FileFacts | undefined {
  const image = readImageFacts(data)
  if (image !== undefined) return image
  return isText(data) ? { mediaType: 'text/plain', width: null, height: null } : undefined
}

function isText(data: Buffer): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(data)
    // oxlint-disable-next-line no-control-regex -- what no text has is looked for
    return !/[\u0000-\u0008\u000e-\u001f]/.test(text)
  } catch {
    return false
  }
}
