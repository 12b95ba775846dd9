import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { ada } from '../../test/database.js'
import { clientOf, networkTo, testPlatform, until } from '../../test/client.js'
import { deferred, testEngine, testJob } from '../../test/engine.js'
import { apiOf, asHeader, type TestApi, testApi } from '../../test/http.js'
import { serve } from '../../test/server.js'
import { createClientOn } from './client.js'
import { createHttp } from './http.js'
import { createConnection, type Connection } from './connection.js'
import { createJobStore, type JobStore } from './job-store.js'
import type { WebSocketLike } from './open-socket.js'
import { createStreamStore, type StreamStore } from './stream-store.js'
import { createWindowNames } from './window-names.js'

const noop = testJob('noop', () => null)

interface Wire {
  /** What gets through. */
  sockets: boolean
  streams: boolean
  /** A WebSocket is told that it is open after this. */
  opening: Promise<void>
  readonly store: JobStore
  readonly streamStore: StreamStore
  readonly connection: Connection
  /** How many WebSockets are not closed. */
  openSockets(): number
  /** Cut everything that is open. */
  cut(): void
}

/** A connection of a real client over real sockets, through a wire that can be cut. */
async function wireTo(api: TestApi, climbMs = 60_000, getToken?: () => string): Promise<Wire> {
  const { url } = await serve(api)
  const open = new Set<() => void>()
  const sockets = new Set<WebSocket>()
  const store = createJobStore({ onNeeded: () => undefined, onContradicted: () => undefined })
  const streamStore = createStreamStore()

  class CutSocket extends WebSocket {
    constructor(address: string) {
      super(wire.sockets ? address : address.replace('/ws', '/none'))
      const cut = (): void => this.terminate()
      open.add(cut)
      sockets.add(this)
      this.once('close', () => {
        open.delete(cut)
        sockets.delete(this)
      })
      this.on('error', () => undefined)
    }

    override emit(event: string | symbol, ...rest: unknown[]): boolean {
      if (event !== 'open') return super.emit(event, ...rest)
      void wire.opening.then(() => super.emit('open'))
      return true
    }
  }

  const http = createHttp({
    url,
    ...(getToken === undefined ? {} : { getToken }),
    async fetch(address, init) {
      const controller = new AbortController()
      const cut = (): void => controller.abort()
      open.add(cut)
      init?.signal?.addEventListener('abort', cut)
      const headers = { ...(init?.headers as Record<string, string>), ...asHeader(ada) }
      const response = await fetch(address, { ...init, headers, signal: controller.signal })
      const isStream = response.headers.get('content-type')?.includes('event-stream') === true
      return isStream && !wire.streams ? new Response(null) : response
    },
  })
  const connection = createConnection({
    http,
    store,
    streams: streamStore,
    windowNames: createWindowNames(),
    live: true,
    platform: testPlatform({
      WebSocket: CutSocket as unknown as new (url: string) => WebSocketLike,
      timings: { climbMs, upgradeAfterMs: 10 },
    }),
    pollMs: 20,
  })
  onTestFinished(() => connection.close())
  const wire: Wire = {
    sockets: true,
    streams: true,
    opening: Promise.resolve(),
    store,
    streamStore,
    connection,
    openSockets: () => sockets.size,
    cut() {
      for (const each of open) each()
    },
  }
  return wire
}

describe('a client of a server that has many connections', () => {
  it('G-53: polls when there is no room for it, says why, and is live when there is', async () => {
    const engine = await testEngine([noop])
    const api = apiOf(engine, {}, { connections: { perCaller: 1 } })
    const id = await engine.enqueue('noop')
    const first = clientOf(api)
    const second = createClientOn(testPlatform({ timings: { climbMs: 300, waitMs: 1000 } }), {
      url: 'http://localhost/api/longhaul',
      fetch: networkTo(api).fetch,
      pollMs: 20,
    })
    onTestFinished(() => second.close())
    onTestFinished(first.job(id).subscribe(() => undefined))
    await until(first.connection, ({ state }) => state === 'live')
    onTestFinished(second.job(id).subscribe(() => undefined))
    const { reason } = await until(second.connection, ({ state }) => state === 'polling')
    expect(reason).toMatch('The caller has 1 live connections')
    await engine.startWorker()
    await until(second.job(id), ({ job }) => job?.status === 'completed')
    // Another thing to watch means another stream, which takes the place of the one before.
    const other = await engine.enqueue('noop')
    onTestFinished(first.job(other).subscribe(() => undefined))
    await until(first.job(other), ({ job }) => job?.status === 'completed')

    first.close()
    // By itself: it looks again from time to time.
    await until(second.connection, ({ state }) => state === 'live')
  })

  it('G-54: comes back within the time that the server says, when the server goes', async () => {
    const api = await testApi([noop])
    const id = await api.engine.enqueue('noop')
    const client = clientOf(api)
    for (let n = 0; n < 8000; n += 1) api.hub.connections.open({ ...ada, userId: `user ${n}` })
    onTestFinished(client.job(id).subscribe(() => undefined))
    await until(client.connection, ({ state }) => state === 'live')
    api.hub.close()
    const { nextRetryAt } = await until(client.connection, ({ state }) => state === 'reconnecting')
    expect(nextRetryAt! - Date.now()).toBeLessThanOrEqual(8001)
  })
})

describe('a connection', () => {
  it('leaves no stream open behind it, however quickly what is watched changes', async () => {
    const api = await testApi([testJob('noop', () => null)])
    const [a, b, c] = [
      await api.engine.enqueue('noop'),
      await api.engine.enqueue('noop'),
      await api.engine.enqueue('noop'),
    ]
    const { url } = await serve(api)
    const streams: AbortSignal[] = []
    let mostAtOnce = 0
    const second = deferred()
    const http = createHttp({
      url,
      async fetch(address, init) {
        streams.push(init!.signal!)
        mostAtOnce = Math.max(mostAtOnce, streams.filter(({ aborted }) => !aborted).length)
        // The second has not spoken yet when the third takes over from it.
        if (streams.length === 2) {
          second.resolve()
          return new Promise((_, reject) => {
            init!.signal!.addEventListener('abort', () => reject(new Error('aborted')))
          })
        }
        const headers = { ...(init?.headers as Record<string, string>), ...asHeader(ada) }
        return fetch(address, { ...init, headers })
      },
    })
    const store = createJobStore({ onNeeded: () => undefined, onContradicted: () => undefined })
    const connection = createConnection({
      http,
      store,
      streams: createStreamStore(),
      windowNames: createWindowNames(),
      live: true,
      platform: testPlatform(),
    })
    onTestFinished(() => connection.close())
    connection.watch({ job: a })
    await until(store.job(a), ({ job }) => job !== undefined)
    connection.watch({ job: b })
    await second.promise
    connection.watch({ job: c })
    await until(store.job(c), ({ job }) => job !== undefined)
    await expect.poll(() => streams.map(({ aborted }) => aborted)).toEqual([true, true, false])
    expect(mostAtOnce).toBe(1)
  })

  it('holds one poll at a time, however often what is watched changes and brings nothing new', async () => {
    const api = await testApi([noop])
    const network = networkTo(api)
    network.state = 'no streaming'
    const open = new Set<object>()
    let mostAtOnce = 0
    let asked = 0
    const http = createHttp({
      url: 'http://localhost/api/longhaul',
      async fetch(address, init) {
        const request = {}
        const end = (): void => void open.delete(request)
        open.add(request)
        mostAtOnce = Math.max(mostAtOnce, open.size)
        asked = (JSON.parse(init!.body as string) as { watches: unknown[] }).watches.length
        init!.signal!.addEventListener('abort', end)
        return network.fetch(address, init).finally(end)
      },
    })
    const store = createJobStore({ onNeeded: () => undefined, onContradicted: () => undefined })
    const connection = createConnection({
      http,
      store,
      streams: createStreamStore(),
      windowNames: createWindowNames(),
      live: true,
      platform: testPlatform(),
    })
    onTestFinished(() => connection.close())
    const ids: string[] = []
    for (let n = 0; n < 6; n += 1) ids.push(await api.engine.enqueue('noop'))
    const [first, ...others] = ids.map((job) => connection.watch({ job }))
    onTestFinished(first!)
    for (const id of ids) await until(store.job(id), ({ job }) => job !== undefined)
    for (const stop of others) stop()
    await expect.poll(() => asked).toBe(1)
    // What is known of each of them is what there is.
    for (const [n, job] of ids.slice(1).entries()) {
      connection.watch({ job })
      await expect.poll(() => asked).toBe(n + 2)
    }
    expect(mostAtOnce).toBe(1)
  })

  it('is not given up because the server could not tell for a moment who is asking', async () => {
    let isAway = true
    const api = await testApi([testJob('noop', () => null)], {
      authenticate({ headers }) {
        // Only what comes over a WebSocket has the token alone.
        if (isAway && !headers.has('x-principal')) throw new Error('The sign-in service is away.')
        return ada
      },
    })
    const id = await api.engine.enqueue('noop')
    const wire = await wireTo(api, 100, () => 'token')
    const seen = new Set<string>()
    const { status, watch } = wire.connection
    status.subscribe(() => {
      const { state } = status.getSnapshot()
      seen.add(state)
      if (state === 'reconnecting') isAway = false
    })
    watch({ job: id })
    await until(status, ({ transport }) => transport === 'websocket' && !isAway)
    expect(seen).toContain('reconnecting')
    expect(seen).not.toContain('unauthorized')
  })

  it('begins as a stream, and goes over to a WebSocket where there is one', async () => {
    const api = await testApi([testJob('noop', () => null)])
    const id = await api.engine.enqueue('noop')
    const { connection, store } = await wireTo(api)
    const seen: (string | null)[] = []
    connection.status.subscribe(() => seen.push(connection.status.getSnapshot().transport))
    connection.watch({ job: id })
    await until(connection.status, ({ transport }) => transport === 'websocket')
    expect(seen).toContain('sse')
    await api.engine.startWorker()
    await until(store.job(id), ({ job }) => job?.status === 'completed')
    const second = await api.engine.enqueue('noop')
    connection.watch({ job: second })
    await until(store.job(second), ({ job }) => job?.status === 'completed')
    expect(connection.status.getSnapshot()).toMatchObject({ state: 'live', transport: 'websocket' })
  })

  it('leaves no WebSocket behind that opens in the moment in which nothing is watched any more', async () => {
    const api = await testApi([testJob('noop', () => null)])
    const wire = await wireTo(api)
    const { status, watch } = wire.connection
    const opened = deferred()
    wire.opening = opened.promise
    const stop = watch({ job: await api.engine.enqueue('noop') })
    await until(status, ({ state }) => state === 'live')
    stop()
    // When what is no longer looked at has lingered.
    setTimeout(opened.resolve, 1500)
    await until(status, ({ state }) => state === 'idle')
    await expect.poll(wire.openSockets).toBe(0)
  })

  it('says why it is no better, and is made better when it can be', async () => {
    const api = await testApi([testJob('noop', () => null)])
    const id = await api.engine.enqueue('noop')
    const wire = await wireTo(api, 200)
    const { status, watch } = wire.connection
    wire.sockets = false
    watch({ job: id })
    const worse = await until(status, ({ state, reason }) => state === 'live' && reason !== null)
    expect(worse).toMatchObject({ state: 'live', transport: 'sse' })
    expect(worse.reason).toMatch('WebSocket')
    wire.sockets = true
    expect(await until(status, ({ transport }) => transport === 'websocket')).toMatchObject({
      reason: null,
    })
    wire.sockets = false
    wire.streams = false
    wire.cut()
    const worst = await until(status, ({ transport }) => transport === 'long-poll')
    expect(worst.reason).toMatch('Streaming does not work')
    wire.streams = true
    wire.sockets = true
    // What is better is tried when the poll that is held has been answered.
    await new Promise((resolve) => setTimeout(resolve, 200))
    await api.engine.startWorker()
    await until(status, ({ transport }) => transport === 'websocket')
  })

  it(
    'G-11, G-15: misses nothing, whatever transport it changes to and whenever',
    { timeout: 60_000 },
    async () => {
      let isEnough = false
      let written = 0
      const api = await testApi([
        testJob('busy', async ({ progress, stream }) => {
          for (; !isEnough; written += 1) {
            stream.write(written)
            progress(written % 100)
            await new Promise((resolve) => setTimeout(resolve, 10))
          }
        }),
      ])
      const id = await api.engine.enqueue('busy')
      const wire = await wireTo(api, 100)
      const { store, streamStore, connection } = wire
      const versions: number[] = []
      store.job(id).subscribe(() => {
        const { job } = store.job(id).getSnapshot()
        if (job !== undefined) versions.push(job.version)
      })
      // At the end: null and the three ways.
      const transports = new Set<string | null>([null])
      connection.status.subscribe(() => transports.add(connection.status.getSnapshot().transport))
      connection.watch({ job: id })
      connection.watch({ job: id, stream: 'output' })
      await api.engine.startWorker()
      let seed = 7
      const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647
      for (let cuts = 0; cuts < 20 || transports.size < 4; cuts += 1) {
        wire.sockets = random() < 0.5
        wire.streams = wire.sockets || random() < 0.5
        wire.cut()
        connection.retryNow()
        await new Promise((resolve) => setTimeout(resolve, 50 + random() * 200))
      }
      isEnough = true
      wire.sockets = true
      wire.streams = true
      await until(store.job(id), ({ job }) => job?.status === 'completed')
      await until(streamStore.stream(id, 'output'), ({ state }) => state === 'ended')

      const { chunks } = streamStore.stream(id, 'output').getSnapshot()
      expect(chunks.flatMap(({ values }) => values)).toEqual(
        Array.from({ length: written }, (_, n) => n),
      )
      expect(versions).toEqual([...versions].sort((a, b) => a - b))
      const { version, progress, status } = await api.engine.job(id)
      expect(store.job(id).getSnapshot().job).toMatchObject({ version, progress, status })
    },
  )
})

describe('a client', () => {
  it('is shared by all who watch, and closed after the last', async () => {
    const api = await testApi([noop])
    const client = clientOf(api)
    const ids = [await api.engine.enqueue('noop'), await api.engine.enqueue('noop')]
    const unsubscribe = ids.flatMap((id) => [
      client.job(id).subscribe(() => {}),
      client.job(id).subscribe(() => {}),
    ])
    await Promise.all(ids.map((id) => until(client.job(id), ({ state }) => state === 'known')))
    expect(client.sent).toEqual(['POST /watch text/event-stream'])
    expect(client.connection.getSnapshot()).toMatchObject({ state: 'live', transport: 'sse' })
    for (const stop of unsubscribe) stop()
    await until(client.connection, ({ state }) => state === 'idle')
    while (api.hub.size() > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  })

  it('G-11: goes on when a listener of the app throws, and tells the others', async () => {
    const thrown = catchUnhandled()
    const api = await testApi([noop])
    const client = clientOf(api)
    const id = await api.engine.enqueue('noop')
    const fail = (): never => {
      throw new Error('of the app')
    }
    const stops = [client.connection.subscribe(fail), client.job(id).subscribe(fail)]
    await until(client.connection, ({ state }) => state === 'live')
    await api.post(`/jobs/${id}/cancel`)
    await until(client.job(id), ({ job }) => job?.status === 'cancelled')
    expect(client.sent).toEqual(['POST /watch text/event-stream'])
    for (const stop of stops) stop()
    expect(thrown).toContainEqual(new Error('of the app'))
  })

  it('falls to polling where streaming does not work, and climbs back when it does', async () => {
    const api = await testApi([noop])
    const client = clientOf(api)
    client.network = 'no streaming'
    const id = await api.engine.enqueue('noop')
    const stay = client.job(id).subscribe(() => {})
    await until(client.connection, ({ state }) => state === 'polling')
    expect(client.connection.getSnapshot()).toMatchObject({
      transport: 'long-poll',
      reason: expect.any(String),
    })
    await api.post(`/jobs/${id}/cancel`)
    await until(client.job(id), ({ job }) => job?.status === 'cancelled')
    client.network = 'up'
    client.connection.retryNow()
    await until(client.connection, ({ state }) => state === 'live')
    stay()
  })

  it('polls where a request for a stream is not answered before its end', async () => {
    const api = await testApi([noop])
    const client = clientOf(api, {
      async fetch(url, init) {
        const headers = { ...(init?.headers as Record<string, string>), ...asHeader(ada) }
        const response = await api.fetch(new Request(url, { ...init, headers }))
        const text = await response.text()
        init?.signal?.throwIfAborted()
        return new Response(text, response)
      },
    })
    const id = await api.engine.enqueue('noop')
    const stay = client.job(id).subscribe(() => {})
    await until(client.job(id), ({ state }) => state === 'known')
    await until(client.connection, ({ transport }) => transport === 'long-poll')
    stay()
  })
})

/** What nobody has caught, and would otherwise fail the test. */
function catchUnhandled(): unknown[] {
  const caught: unknown[] = []
  const before = process.listeners('unhandledRejection')
  process.removeAllListeners('unhandledRejection')
  process.on('unhandledRejection', (error) => caught.push(error))
  onTestFinished(() => {
    process.removeAllListeners('unhandledRejection')
    for (const listener of before) process.on('unhandledRejection', listener)
  })
  return caught
}
