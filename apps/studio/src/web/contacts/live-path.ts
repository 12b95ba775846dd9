/**
 * The way by which news comes, and a switch that cuts it, to see what a page does then: it behaves as
 * a network that lets single requests through, and neither streams nor WebSockets.
 */
import type { WebSocketLike } from 'longhaul/client'
import { createKeptSwitch } from '../controls/kept-switch.js'

export const livePath = createKeptSwitch('studio.live-path')

const sockets = new Set<WebSocket>()
let streams = new AbortController()

livePath.subscribe(() => {
  if (livePath.isOn()) return
  streams.abort()
  streams = new AbortController()
  for (const socket of sockets) socket.close()
})

export async function fetchOnPath(url: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers)
  const isStream = headers.get('accept') === 'text/event-stream'
  if (livePath.isOn()) {
    const signals = [init.signal, isStream ? streams.signal : undefined]
    const signal = AbortSignal.any(signals.filter((each) => each instanceof AbortSignal))
    return fetch(url, { ...init, signal })
  }
  if (isStream) return new Response(null)
  // Nor is an answer held back until there is news.
  headers.delete('prefer')
  return fetch(url, { ...init, headers })
}

type Listener = (event: { readonly data?: unknown; readonly code?: number }) => void

/** Where the path is cut it closes at once. */
export class SocketOnPath implements WebSocketLike {
  readonly #socket: WebSocket | undefined

  constructor(url: string) {
    if (!livePath.isOn()) return
    const socket = new WebSocket(url)
    sockets.add(socket)
    socket.addEventListener('close', () => sockets.delete(socket))
    this.#socket = socket
  }

  send(text: string): void {
    this.#socket?.send(text)
  }

  close(): void {
    this.#socket?.close()
  }

  addEventListener(type: 'open' | 'message' | 'close' | 'error', listener: Listener): void {
    if (this.#socket !== undefined) this.#socket.addEventListener(type, listener as EventListener)
    else if (type === 'close') queueMicrotask(() => listener({}))
  }
}
