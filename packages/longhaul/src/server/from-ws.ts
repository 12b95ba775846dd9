import type { WebSocket } from 'ws'
import type { Socket } from '../http/index.js'

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
    close: (code, reason) => socket.close(code, reason),
    terminate: () => socket.terminate(),
    ping: () =>
      new Promise((resolve) => {
        socket.once('pong', () => resolve())
        socket.ping()
      }),
    onMessage(listener) {
      // `ws` gives whole messages as one Buffer unless it is told otherwise.
      socket.on('message', (data) => listener((data as Buffer).toString()))
    },
    onClose: (listener) => void socket.on('close', listener),
  }
}
