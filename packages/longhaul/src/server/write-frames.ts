import { OutgoingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Writable } from 'node:stream'
import { chunkBytes, eventBytes, type FrameOutlet, type FrameSource } from '../http/index.js'
import type { EncodedFrame } from '../protocol/index.js'

/**
 * Write what a reader is sent to an answer of node:http or HTTP/2, whose head is set, until one of the two ends. A reader
 * that takes nothing is given nothing more.
 */
export function writeFrames(outgoing: Writable, source: FrameSource): void {
  outgoing.once('close', source.close)
  if (outgoing.destroyed) return source.close()
  if (isBare(outgoing)) return writeBelow(outgoing, outgoing.socket, source)
  source.flowTo(outletOf(outgoing, outgoing, eventBytes, source))
}

/** Not HTTP/2, no middleware in between, and no other answer before it on the connection. */
function isBare(outgoing: Writable): outgoing is ServerResponse & { readonly socket: Socket } {
  if (!(outgoing instanceof ServerResponse)) return false
  return outgoing.write === OutgoingMessage.prototype.write && outgoing.socket !== null
}

/**
 * To the connection below the answer. Chunks that are framed once for all are written as they are: that is a third of what it
 * costs to have node:http frame them for each.
 */
function writeBelow(outgoing: ServerResponse, socket: Socket, source: FrameSource): void {
  // The head and the first frames leave together.
  socket.cork()
  outgoing.flushHeaders()
  const encode = outgoing.chunkedEncoding ? chunkBytes : eventBytes
  source.flowTo(outletOf(outgoing, socket, encode, source))
  socket.uncork()
}

function outletOf(
  outgoing: Writable,
  stream: Writable,
  encode: (frame: EncodedFrame) => Buffer,
  { resume }: FrameSource,
): FrameOutlet {
  let isFull = false

  function onDrain(): void {
    isFull = false
    resume()
  }

  return {
    hasRoom: () => !isFull,
    write(frames) {
      if (frames.length > 1) stream.cork()
      let taken = 0
      while (taken < frames.length && !isFull) {
        isFull = !stream.write(encode(frames[taken]!))
        taken += 1
      }
      if (frames.length > 1) stream.uncork()
      if (isFull) stream.once('drain', onDrain)
      return taken
    },
    end: () => void outgoing.end(),
  }
}
