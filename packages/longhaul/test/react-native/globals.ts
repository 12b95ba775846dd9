/**
 * What code finds in React Native 0.8x, and nothing else: what the language has, and what React Native adds to it.
 * From its sources (0.85): Libraries/Core/setUpXHR.js, setUpGlobals.js, setUpNavigator.js, setUpTimers.js and
 * Libraries/Blob/URL.js. `TextEncoder` and `TextDecoder` are Hermes's (facebook/hermes#948, #1855). So there is no `crypto`,
 * `location`, `document`, `addEventListener`, `EventSource`, `BroadcastChannel` nor `ReadableStream`.
 */
import { runInNewContext } from 'node:vm'
import { AbortController, AbortSignal } from 'abort-controller'
import { Headers, Request, Response } from 'whatwg-fetch'
import { WebSocket } from 'ws'
import { countedTimers } from '../counted-timers.js'

export type Fetch = (url: string, init?: RequestInit) => Promise<globalThis.Response>

/** React Native's has getters only. */
class ReadOnlyUrl {
  readonly #url: URL

  constructor(url: string, base?: string) {
    this.#url = new URL(url, base)
  }

  get href(): string {
    return this.#url.href
  }

  get protocol(): string {
    return this.#url.protocol
  }

  toString(): string {
    return this.#url.href
  }
}

/** React Native's `fetch`, which knows only its own signals, and answers when the answer is complete. */
function throughXmlHttpRequest(fetch: Fetch): Fetch {
  return async (url, init) => {
    const controller = new globalThis.AbortController()
    const abort = (): void => controller.abort()
    if (init?.signal?.aborted === true) abort()
    init?.signal?.addEventListener('abort', abort)
    const { status, headers, ...answer } = await whole(
      fetch(url, { ...init, signal: controller.signal }),
    )
    return new Response(answer.text, { status, headers })
  }
}

async function whole(answering: Promise<globalThis.Response>) {
  const answer = await answering
  const headers = Object.fromEntries(answer.headers.entries())
  return { status: answer.status, headers, text: await answer.text() }
}

const unknownToHermes = new Set(['Atomics', 'SharedArrayBuffer', 'WebAssembly'])

/** The globals of the language itself, which are the same everywhere. */
export const language = (
  runInNewContext('Object.getOwnPropertyNames(globalThis)') as string[]
).filter((name) => !unknownToHermes.has(name))

const { open, ...timers } = countedTimers()
const { clearImmediate, queueMicrotask, setImmediate } = globalThis
const { TextDecoder, TextEncoder, URLSearchParams, console } = globalThis

/** What `globalThis` is there. */
export const reactNative: Record<string, unknown> = {
  ...Object.fromEntries(
    language.map((name) => [name, globalThis[name as keyof typeof globalThis]]),
  ),
  AbortController,
  AbortSignal,
  Headers,
  Request,
  Response,
  TextDecoder,
  TextEncoder,
  URL: ReadOnlyUrl,
  URLSearchParams,
  WebSocket,
  ...timers,
  cancelAnimationFrame: timers.clearTimeout,
  clearImmediate,
  console,
  fetch: throughXmlHttpRequest((url, init) => globalThis.fetch(url, init)),
  navigator: { product: 'ReactNative' },
  process: { env: {} },
  queueMicrotask,
  requestAnimationFrame: (draw: FrameRequestCallback) =>
    timers.setTimeout(() => draw(performance.now()), 16),
  setImmediate,
}
for (const name of ['globalThis', 'global', 'window', 'self']) reactNative[name] = reactNative

/** How many timers of the modules that run there are still to go off. */
export function openTimers(): number {
  return open.size
}

/** Let the platform's own `fetch` ask this server. */
export function answerFetchWith(fetch: Fetch): void {
  reactNative['fetch'] = throughXmlHttpRequest(fetch)
}
