import { LonghaulError } from '../core/index.js'
import {
  type ClientMessage,
  type Frame,
  fromProblem,
  rotateCode,
  type WatchRequest,
} from '../protocol/index.js'
import type { Http } from './http.js'

/** What is used of the platform's WebSocket. */
export interface WebSocketLike {
  send(text: string): void
  close(): void
  addEventListener(
    type: 'open' | 'message' | 'close' | 'error',
    listener: (event: { readonly data?: unknown; readonly code?: number }) => void,
  ): void
}

export type WebSocketConstructor = new (url: string) => WebSocketLike

export interface SocketOptions {
  readonly http: Http
  readonly WebSocket: WebSocketConstructor
  /** Ends the attempt to open it. */
  readonly signal: AbortSignal
  /** How long the opening, and then the first frame, may take. */
  readonly helloMs: number
}

/** An open WebSocket. */
export interface LiveSocket {
  /** Follow this from now on, and nothing else. */
  watch(request: WatchRequest): void
  /**
   * Take the frames. Resolves when the server ended the connection as planned, or the signal aborts.
   *
   * @throws {LonghaulError} what the server or the app's token refused with, `database_unavailable` when the connection died
   */
  follow(signal: AbortSignal, onFrame: (frame: Frame) => void): Promise<void>
  close(): void
}

/** No WebSocket gets through to the server, or this one did not. */
export class SocketUnusable extends Error {}

const missedHeartbeats = 2.5

/** @throws {SocketUnusable} when it does not open in time, or not at all */
export async function openSocket(options: SocketOptions): Promise<LiveSocket> {
  const { http, WebSocket, signal, helloMs } = options
  const socket = new WebSocket(http.socketUrl(await ticket(http, signal)))
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(fail, helloMs)
    function settle(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', fail)
    }
    function fail(): void {
      settle()
      socket.close()
      reject(new SocketUnusable('A WebSocket could not be opened.'))
    }
    socket.addEventListener('open', () => {
      settle()
      resolve()
    })
    // An error is followed by a close. After the opening neither changes this promise any more.
    socket.addEventListener('error', () => undefined)
    socket.addEventListener('close', fail)
    signal.addEventListener('abort', fail)
  })
  return liveSocket(socket, options)
}

function liveSocket(socket: WebSocketLike, { http, helloMs }: SocketOptions): LiveSocket {
  let number = 0
  let greeted = -1
  const send = (message: ClientMessage): void => socket.send(JSON.stringify(message))

  async function sayWhoAsks(refresh: boolean): Promise<void> {
    const token = await http.token({ refresh })
    if (token !== undefined) send({ type: 'auth', token })
    else if (refresh) send({ type: 'auth', ticket: await ticket(http) })
  }

  // From here on the connection can be proved by the token alone. Without one it is asked for.
  sayWhoAsks(false).catch(() => undefined)
  return {
    watch(request) {
      number += 1
      send({ type: 'watch', number, ...request })
    },
    close: () => socket.close(),
    follow: (signal, onFrame) =>
      new Promise((resolve, reject) => {
        let timeoutMs = helloMs
        let ended = false
        let timer = setTimeout(end, timeoutMs)
        function end(code?: number, error: unknown = lost()): void {
          if (ended) return
          ended = true
          clearTimeout(timer)
          signal.removeEventListener('abort', abort)
          socket.close()
          if (code === rotateCode || signal.aborted) resolve()
          else reject(error)
        }
        function take(frame: Frame): void {
          if (frame.event === 'error') return end(undefined, fromProblem(frame.data))
          if (frame.event === 'auth')
            sayWhoAsks(true).catch((error: unknown) => end(undefined, error))
          if (frame.event === 'hello') {
            greeted = frame.data.number ?? greeted
            timeoutMs = frame.data.heartbeatMs * missedHeartbeats
          }
          // What was watched before has nothing more to say: its places are not ours any more.
          if (greeted === number) onFrame(frame)
        }
        const abort = (): void => end()
        signal.addEventListener('abort', abort)
        if (signal.aborted) end()
        socket.addEventListener('close', ({ code }) => end(code))
        socket.addEventListener('message', ({ data }) => {
          if (ended || typeof data !== 'string') return
          clearTimeout(timer)
          take(JSON.parse(data) as Frame)
          if (!ended) timer = setTimeout(end, timeoutMs)
        })
      }),
  }
}

/** A browser sends no headers with a WebSocket, so the request that can says who is asking. */
async function ticket(http: Http, signal?: AbortSignal): Promise<string> {
  const request = { method: 'POST', path: '/watch/ticket', body: {}, signal } as const
  return (await http.ask<{ readonly ticket: string }>(request)).ticket
}

function lost(): LonghaulError {
  return new LonghaulError('database_unavailable', 'The live connection was lost.')
}
