import type { WebSocket } from 'ws'
import type { Socket } from '../http/index.js'

/** How long the other end may take to say goodbye: one that has gone would hold up a shutdown. */
const goodbyeMs = 3000

/** A WebSocket of the library `ws` as the API uses it. */
export function fromWs(socket: WebSocket): Socket {
  // 'close' follows every error, and says all there is to do.
  socket.on('error', () => undefined)
  return {
    send: (message) =>
      new Promise((resolve) => {
        socket.send(message, { binary: false }, () => resolve())
      }),
    waiting: () => socket.bufferedAmount,
    close(code, reason) {
      socket.close(code, reason)
      const timer = setTimeout(() => socket.terminate(), goodbyeMs)
      socket.once('close', () => clearTimeout(timer))
    },
    terminate: () => socket.terminate(),
    ping: () =>
      new Promise((resolve) => {
        socket.once('pong', () => resolve())
        socket.ping()
      }),
    onMessage(listener) {
      // `ws` gives whole messages as one Buffer unless it is told otherwise.
      socket.on('message', (data) => {
        // Else a client that says more than is looked at would fill the memory.
        socket.pause()
        void listener((data as Buffer).toString()).finally(() => socket.resume())
      })
    },
    onClose: (listener) => void socket.on('close', listener),
  }
}
