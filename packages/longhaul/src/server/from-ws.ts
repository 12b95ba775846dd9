import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { Socket } from '../http/index.js'

/** How long the other end may take to say goodbye: one that has gone would hold up a shutdown. */
const goodbyeMs = 3000

/** A WebSocket of the library `ws` as the API uses it. `connection`: the one that it is on. */
export function fromWs(socket: WebSocket, connection: Duplex): Socket {
  // 'close' follows every error, and says all there is to do.
  socket.on('error', () => undefined)
  return {
    // Framed once for all who get it, and written as it is: `ws` would make a frame for each.
    send(message, onSent) {
      if (socket.readyState === socket.OPEN) connection.write(frameOf(message), onSent)
      else process.nextTick(onSent)
    },
    waiting: () => socket.bufferedAmount,
    close(code, reason) {
      socket.close(code, reason)
      const timer = setTimeout(() => socket.terminate(), goodbyeMs)
      socket.once('close', () => clearTimeout(timer))
    },
    terminate: () => socket.terminate(),
    ping(onAnswer) {
      socket.once('pong', onAnswer)
      socket.ping()
    },
    onMessage(listener) {
      let waiting = 0
      // `ws` gives whole messages as one Buffer unless it is told otherwise.
      socket.on('message', (data) => {
        // Else a client that says more than is looked at would fill the memory.
        socket.pause()
        waiting += 1
        void listener((data as Buffer).toString()).finally(() => {
          waiting -= 1
          // Those that came in one piece with it are here already.
          if (waiting === 0) socket.resume()
        })
      })
    },
    onClose: (listener) => void socket.on('close', listener),
  }
}

const frames = new WeakMap<Buffer, Buffer>()

function frameOf(message: Buffer): Buffer {
  const known = frames.get(message)
  if (known !== undefined) return known
  const frame = Buffer.concat([headOf(message.length), message])
  frames.set(message, frame)
  return frame
}

const wholeText = 0x81

/** Of a frame that is a whole text, unmasked as a server's are (RFC 6455 §5.2). */
function headOf(length: number): Buffer {
  if (length < 126) return Buffer.from([wholeText, length])
  const isLong = length > 0xffff
  const head = Buffer.alloc(isLong ? 10 : 4)
  head[0] = wholeText
  head[1] = isLong ? 127 : 126
  if (isLong) head.writeBigUInt64BE(BigInt(length), 2)
  else head.writeUInt16BE(length, 2)
  return head
}
