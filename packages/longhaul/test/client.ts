import { onTestFinished } from 'vitest'
import type { Principal } from '../src/core/index.js'
import {
  type ClientOptions,
  createClient,
  type LonghaulClient,
  type Observable,
} from '../src/client/index.js'
import type { Platform } from '../src/client/platform.js'
import { defaultTimings, type Timings } from '../src/client/timings.js'
import { ada } from './database.js'
import { asHeader, type TestApi } from './http.js'
import { fetchOption } from './platform.js'

/** A platform that never wakes up, with whatever the test needs of it. */
export function testPlatform({
  timings,
  ...parts
}: Partial<Omit<Platform, 'timings'>> & { timings?: Partial<Timings> } = {}): Platform {
  const wakeUps = { isOnline: () => true, subscribe: () => () => undefined }
  return { wakeUps, canStream: true, ...parts, timings: { ...defaultTimings, ...timings } }
}

/** What stands between a client and the API, and can fail. */
export interface TestNetwork {
  readonly fetch: NonNullable<ClientOptions['fetch']>
  /** What was asked: `GET /jobs application/json`. */
  readonly sent: string[]
  state: 'up' | 'down' | 'no streaming'
  /** End every answer that is still coming. */
  dropConnections(): void
}

export function networkTo(api: TestApi, as: Principal = ada): TestNetwork {
  let wire = new AbortController()
  const network: TestNetwork = {
    sent: [],
    state: 'up',
    dropConnections() {
      wire.abort()
      wire = new AbortController()
    },
    async fetch(url, init) {
      const accept = new Headers(init?.headers).get('accept')
      const path = new URL(url).pathname.replace('/api/longhaul', '')
      network.sent.push(`${init?.method} ${path} ${accept}`)
      if (network.state === 'down') throw new TypeError('fetch failed')
      const headers = { ...asHeader(as), ...(init?.headers as Record<string, string>) }
      const response = await api.fetch(new Request(url, { ...init, headers }))
      const isStream = response.headers.get('content-type')?.includes('event-stream') === true
      if (network.state === 'no streaming' && isStream) return new Response(null)
      if (!isStream) return response
      // As a real one does, it ends the body too when its caller gives it up.
      const signals = [wire.signal, ...(init?.signal ? [init.signal] : [])]
      return overWire(response, AbortSignal.any(signals))
    },
  }
  return network
}

export interface TestClient extends LonghaulClient {
  readonly sent: string[]
  network: TestNetwork['state']
  dropConnections(): void
}

/** A client of a real API, with a network between the two that can fail. */
export function clientOf(
  api: TestApi,
  { as = ada, fetch, ...options }: Partial<ClientOptions> & { as?: Principal } = {},
): TestClient {
  const network = networkTo(api, as)
  const client = createClient({
    url: 'http://localhost/api/longhaul/',
    ...fetchOption(fetch ?? network.fetch),
    ...options,
  })
  onTestFinished(() => client.close())
  return {
    ...client,
    sent: network.sent,
    dropConnections: network.dropConnections,
    get network() {
      return network.state
    },
    set network(state) {
      network.state = state
    },
  }
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
