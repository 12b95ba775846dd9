import { limits, LonghaulError } from '../core/index.js'
import { parseJsonText } from './json-text.js'

/** Room for the envelope round a payload of the largest size. */
const maxBodyBytes = limits.payloadBytes + limits.metadataBytes + 65_536

/**
 * The JSON body of a request; `undefined` when there is none. Counted as it comes, after
 * decompression, so that neither a missing length nor a small bomb gets past the limit.
 *
 * @throws {LonghaulError} `unsupported_media_type`, `payload_too_large`, `invalid_json`, and those of `parseJsonText`
 */
export async function readJsonBody(request: Request): Promise<unknown> {
  const isWhole = isSmallAndPlain(request.headers)
  if (!isWhole && request.body === null) return undefined
  const type = request.headers.get('content-type')
  if (type !== null && !isJson(type))
    throw unsupported(`its Content-Type is not application/json in UTF-8`)
  const bytes = isWhole
    ? await readWhole(request)
    : await readBytes(decoded(request.body!, request.headers.get('content-encoding')))
  if (bytes.length === 0) return undefined
  if (type === null) throw unsupported('it has no Content-Type')
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (error) {
    throw new LonghaulError('invalid_json', 'The request body is not UTF-8, so it was not read.', {
      cause: error,
    })
  }
  return parseJsonText(text)
}

function isJson(type: string): boolean {
  return /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(type.trim())
}

function decoded(
  body: ReadableStream<Uint8Array>,
  encoding: string | null,
): ReadableStream<Uint8Array> {
  switch (encoding?.trim().toLowerCase() ?? 'identity') {
    case 'identity':
      return body
    case 'gzip':
      return body.pipeThrough(
        new DecompressionStream('gzip') as unknown as ReadableWritablePair<Uint8Array, Uint8Array>,
      )
    default:
      throw unsupported('its Content-Encoding is neither identity nor gzip')
  }
}

async function readBytes(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const reader = stream.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read().catch(endedEarly)
    if (done) return Buffer.concat(chunks)
    size += value.length
    if (size > maxBodyBytes) {
      await reader.cancel()
      throw tooLarge()
    }
    chunks.push(value)
  }
}

/**
 * Its length is given and it is not compressed, so it can be read at once. A stream of it would cost more than all
 * else that is done for a small request.
 */
function isSmallAndPlain(headers: Headers): boolean {
  const length = headers.get('content-length')
  return length !== null && Number(length) <= maxBodyBytes && !headers.has('content-encoding')
}

async function readWhole(request: Request): Promise<Uint8Array> {
  const bytes = new Uint8Array(await request.arrayBuffer().catch(endedEarly))
  if (bytes.length > maxBodyBytes) throw tooLarge()
  return bytes
}

function endedEarly(cause: unknown): never {
  throw new LonghaulError(
    'invalid_json',
    'The request body ended early or could not be decompressed.',
    { cause },
  )
}

function tooLarge(): LonghaulError {
  return new LonghaulError(
    'payload_too_large',
    `The request body is over ${maxBodyBytes} bytes, so it was not read. Store large content elsewhere and send a reference to it.`,
  )
}

function unsupported(why: string): LonghaulError {
  return new LonghaulError(
    'unsupported_media_type',
    `The request body was not read: ${why}. Send application/json.`,
  )
}
