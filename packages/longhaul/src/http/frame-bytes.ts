import { type EncodedFrame, formatSse } from '../protocol/index.js'

/** A frame as a server-sent event: the same bytes for all who read it. */
export const eventBytes = encodedOnce(formatSse)

/** The same as a chunk of an answer of HTTP/1.1, whose length nobody knows at its beginning. */
export const chunkBytes = encodedOnce((frame) => {
  const text = formatSse(frame)
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`
})

/** A frame as a message of a WebSocket. */
export const messageBytes = encodedOnce(({ event, json }) => `{"event":"${event}","data":${json}}`)

function encodedOnce(encode: (frame: EncodedFrame) => string): (frame: EncodedFrame) => Buffer {
  const encoded = new WeakMap<EncodedFrame, Buffer>()
  return (frame) => {
    const known = encoded.get(frame)
    if (known !== undefined) return known
    const bytes = Buffer.from(encode(frame))
    encoded.set(frame, bytes)
    return bytes
  }
}
