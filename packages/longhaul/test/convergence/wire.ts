/**
 * What is between one tab and the servers. It can end connections, let them fall silent without an
 * end, hold back what comes, lose answers, and let only some transports through.
 */
import { WebSocket } from 'ws'
import type { WebSocketConstructor } from '../../src/client/index.js'
import { ada } from '../database.js'
import { asHeader } from '../http.js'
import type { TestServer } from '../server.js'

export type Passage = 'everything' | 'streams' | 'requests' | 'nothing'

export interface Wire {
  readonly fetch: (url: string, init?: RequestInit) => Promise<Response>
  readonly WebSocket: WebSocketConstructor
  /** What gets through from now on. A stream that does not is held back whole, as by a proxy. */
  allow(passage: Passage): void
  /** Everything that is open ends. */
  cut(): void
  /** Nothing comes through on what is open now, and nobody is told. */
  silence(): void
  /** What comes is held back, or given again. */
  hold(isHeld: boolean): void
  /** The next requests are answered to nobody. */
  loseAnswers(count: number): void
}

/** One request or socket. */
interface Line {
  silent: boolean
  end(): void
  setHeld(isHeld: boolean): void
}

/** Where the client believes the server to be. */
export const address = 'http://studio.example/api/longhaul'

/** @param server which one a new connection reaches; none while there is none */
export function createWire(server: () => TestServer | undefined): Wire {
  const lines = new Set<Line>()
  let passage: Passage = 'everything'
  let isHeld = false
  let answersToLose = 0

  function reach(): TestServer {
    const reached = passage === 'nothing' ? undefined : server()
    if (reached === undefined) throw new TypeError('fetch failed')
    return reached
  }

  async function ask(url: string, init: RequestInit = {}): Promise<Response> {
    const place = url.replace(address, reach().url)
    const ending = new AbortController()
    const gate = createGate(isHeld)
    const line: Line = {
      silent: false,
      end: () => ending.abort(),
      setHeld: gate.setHeld,
    }
    lines.add(line)
    ending.signal.addEventListener('abort', () => lines.delete(line))
    init.signal?.addEventListener('abort', line.end)
    if (init.signal?.aborted === true) line.end()

    async function pass(): Promise<void> {
      await gate.passed(ending.signal)
      if (line.silent) await new Promise((_, reject) => onAbort(ending.signal, reject))
    }

    const headers = { ...(init.headers as Record<string, string>), ...asHeader(ada) }
    const response = await fetch(place, { ...init, headers, signal: ending.signal })
    await pass()
    if (answersToLose > 0) {
      answersToLose -= 1
      line.end()
      throw new TypeError('fetch failed')
    }
    const isStream = response.headers.get('content-type')?.includes('event-stream') === true
    if (isStream && passage === 'requests') line.silent = true
    const { status } = response
    if (response.body === null) return new Response(null, { status, headers: response.headers })
    const reader = response.body.getReader()
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const { done, value } = await reader.read()
        await pass()
        if (!done) return controller.enqueue(value)
        lines.delete(line)
        controller.close()
      },
      cancel: line.end,
    })
    return new Response(body, { status, headers: response.headers })
  }

  class LineSocket extends WebSocket {
    constructor(url: string) {
      const to = passage === 'everything' ? server()?.webSocketUrl : undefined
      super(url.replace(`${address.replace('http', 'ws')}/ws`, to ?? 'ws://127.0.0.1:1/none'))
      const line: Line = {
        silent: false,
        end: () => this.terminate(),
        setHeld: (held) => {
          if (this.readyState !== WebSocket.OPEN) return
          if (held || line.silent) this.pause()
          else this.resume()
        },
      }
      lines.add(line)
      this.once('open', () => line.setHeld(isHeld))
      this.once('close', () => lines.delete(line))
      this.on('error', () => undefined)
    }
  }

  return {
    fetch: ask,
    WebSocket: LineSocket as unknown as WebSocketConstructor,
    allow: (next) => (passage = next),
    cut() {
      for (const line of lines) line.end()
    },
    silence() {
      for (const line of lines) {
        line.silent = true
        line.setHeld(isHeld)
      }
    },
    hold(held) {
      isHeld = held
      for (const line of lines) line.setHeld(held)
    },
    loseAnswers: (count) => (answersToLose = count),
  }
}

/** What waits at a gate goes on when it opens, or rejects when the signal aborts. */
function createGate(held: boolean): {
  setHeld(isHeld: boolean): void
  passed(signal: AbortSignal): Promise<void>
} {
  let isHeld = held
  const waiting = new Set<() => void>()
  return {
    setHeld(next) {
      isHeld = next
      if (isHeld) return
      for (const go of waiting) go()
      waiting.clear()
    },
    passed: (signal) =>
      new Promise((resolve, reject) => {
        if (!isHeld) return resolve()
        waiting.add(resolve)
        onAbort(signal, reject)
      }),
  }
}

function onAbort(signal: AbortSignal, reject: (reason: Error) => void): void {
  const stop = (): void => reject(new DOMException('aborted', 'AbortError'))
  if (signal.aborted) stop()
  else signal.addEventListener('abort', stop, { once: true })
}
