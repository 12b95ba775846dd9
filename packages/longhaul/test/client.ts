import { onTestFinished } from 'vitest'
import type { Principal } from '../src/core/index.js'
import {
  type ClientOptions,
  createClient,
  type LonghaulClient,
  type Observable,
} from '../src/client/index.js'
import { ada } from './database.js'
import { asHeader, type TestApi } from './http.js'

export interface TestClient extends LonghaulClient {
  /** What was asked: `GET /jobs application/json`. */
  readonly sent: string[]
  /** What stands between the client and the API. */
  network: 'up' | 'down' | 'no streaming'
  /** End every answer that is still coming. */
  dropConnections(): void
}

/** A client of a real API, with a network between the two that can fail. */
export function clientOf(
  api: TestApi,
  { as = ada, ...options }: Partial<ClientOptions> & { as?: Principal } = {},
): TestClient {
  const sent: string[] = []
  let wire = new AbortController()
  const client = createClient({
    url: 'http://localhost/api/longhaul/',
    async fetch(url, init) {
      const accept = new Headers(init?.headers).get('accept')
      sent.push(`${init?.method} ${new URL(url).pathname.replace('/api/longhaul', '')} ${accept}`)
      if (handle.network === 'down') throw new TypeError('fetch failed')
      const headers = { ...asHeader(as), ...(init?.headers as Record<string, string>) }
      const response = await api.fetch(new Request(url, { ...init, headers }))
      const isStream = response.headers.get('content-type')?.includes('event-stream') === true
      if (handle.network === 'no streaming' && isStream) return new Response(null)
      return isStream ? overWire(response, wire.signal) : response
    },
    ...options,
  })
  onTestFinished(() => client.close())
  const handle: TestClient = {
    ...client,
    sent,
    network: 'up',
    dropConnections() {
      wire.abort()
      wire = new AbortController()
    },
  }
  return handle
}

function overWire(response: Response, signal: AbortSignal): Response {
  const pipe = new TransformStream<Uint8Array, Uint8Array>()
  response.body!.pipeTo(pipe.writable, { signal }).catch(() => undefined)
  return new Response(pipe.readable, { headers: response.headers })
}

/** Resolves with the first snapshot that `test` wants; subscribed meanwhile. */
export function until<T>(observable: Observable<T>, test: (snapshot: T) => boolean): Promise<T> {
  return new Promise((resolve) => {
    const look = (): void => {
      const snapshot = observable.getSnapshot()
      if (!test(snapshot)) return
      setTimeout(() => unsubscribe())
      resolve(snapshot)
    }
    const unsubscribe = observable.subscribe(look)
    look()
  })
}
