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

const { clearInterval, clearTimeout, queueMicrotask, setInterval, setTimeout } = globalThis
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
  clearInterval,
  clearTimeout,
  console,
  fetch: throughXmlHttpRequest((url, init) => globalThis.fetch(url, init)),
  navigator: { product: 'ReactNative' },
  process: { env: {} },
  queueMicrotask,
  setInterval,
  setTimeout,
}
for (const name of ['globalThis', 'global', 'window', 'self']) reactNative[name] = reactNative

/** Let the platform's own `fetch` ask this server. */
export function answerFetchWith(fetch: Fetch): void {
  reactNative['fetch'] = throughXmlHttpRequest(fetch)
}
