import { type EncodedFrame, formatSse } from '../protocol/index.js'

const encoder = new TextEncoder()
const events = new WeakMap<EncodedFrame, Uint8Array>()
const messages = new WeakMap<EncodedFrame, Buffer>()

/** A frame as a server-sent event: the same bytes for all who read it. */
export function eventBytes(frame: EncodedFrame): Uint8Array {
  const known = events.get(frame)
  if (known !== undefined) return known
  const bytes = encoder.encode(formatSse(frame))
  events.set(frame, bytes)
  return bytes
}

/** A frame as a message of a WebSocket: the same bytes for all who read it. */
export function messageBytes(frame: EncodedFrame): Buffer {
  const known = messages.get(frame)
  if (known !== undefined) return known
  const bytes = Buffer.from(`{"event":"${frame.event}","data":${frame.json}}`)
  messages.set(frame, bytes)
  return bytes
}
