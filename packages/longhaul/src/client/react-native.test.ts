// Run in the project `react-native` only: there the client's modules have no globals but those of React Native.
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { until } from '../../test/client.js'
import { ada } from '../../test/database.js'
import { deferred, testJob } from '../../test/engine.js'
import { asHeader, type TestApi, testApi } from '../../test/http.js'
import { answerFetchWith } from '../../test/react-native/globals.js'
import { serve } from '../../test/server.js'
import {
  type ClientOptions,
  createClient,
  type LonghaulClient,
  type WebSocketConstructor,
} from './index.js'
import { type AppStateLike, type NetInfoLike, reactNativeWakeUps } from './react-native.js'

const noop = testJob('noop', () => null)

interface Device {
  readonly client: LonghaulClient
  /** For what was asked: `/watch text/event-stream`. */
  readonly asked: string[]
  isOnline: boolean
}

/** An app on a device, and the API on a port of its own. */
async function deviceWith(api: TestApi, options: Partial<ClientOptions> = {}): Promise<Device> {
  const { url } = await serve(api)
  const asked: string[] = []
  answerFetchWith(async (address, init) => {
    if (!device.isOnline) throw new TypeError('Network request failed')
    const headers = { ...(init?.headers as Record<string, string>), ...asHeader(ada) }
    asked.push(`${address.replace(url, '')} ${headers['accept']}`)
    return fetch(address, { ...init, headers })
  })
  const client = createClient({ url, ...options })
  onTestFinished(() => client.close())
  const device = { client, asked, isOnline: true }
  return device
}

function transportsOf({ connection }: LonghaulClient): Set<string | null> {
  const seen = new Set<string | null>()
  connection.subscribe(() => seen.add(connection.getSnapshot().transport))
  return seen
}

describe('a client in React Native', () => {
  it('has one answer first, then a WebSocket, and asks for no stream that it could not read', async () => {
    const api = await testApi([noop])
    const { client, asked } = await deviceWith(api)
    const id = await api.engine.enqueue('noop')
    const seen = transportsOf(client)
    const stay = client.job(id).subscribe(() => undefined)
    await until(client.connection, ({ transport }) => transport === 'websocket')
    expect([...seen]).toEqual(['long-poll', 'websocket'])
    await api.engine.startWorker()
    await until(client.job(id), ({ job }) => job?.status === 'completed')
    expect(asked).toEqual(['/watch application/json', '/watch/ticket application/json'])
    stay()
  })

  it('holds polls where no WebSocket gets through', async () => {
    const api = await testApi([noop])
    class Blocked extends WebSocket {
      constructor(address: string) {
        super(address.replace('/ws', '/none'))
      }
    }
    const { client, asked } = await deviceWith(api, { webSocket: asSocket(Blocked) })
    const id = await api.engine.enqueue('noop')
    const stay = client.job(id).subscribe(() => undefined)
    await until(client.connection, ({ transport }) => transport === 'long-poll')
    await api.engine.startWorker()
    await until(client.job(id), ({ job }) => job?.status === 'completed')
    expect(client.connection.getSnapshot().transport).toBe('long-poll')
    expect(asked.join()).not.toContain('event-stream')
    stay()
  })

  it('G-11, G-15: misses nothing of a job and its stream, however often its connection is cut', async () => {
    const total = 150
    const api = await testApi([
      testJob('busy', async ({ progress, stream }) => {
        for (let n = 0; n < total; n += 1) {
          stream.write(n)
          progress((100 * n) / total)
          await new Promise((resolve) => setTimeout(resolve, 10))
        }
      }),
    ])
    const open = new Set<WebSocket>()
    class CutSocket extends WebSocket {
      constructor(address: string) {
        super(address)
        open.add(this)
        this.once('close', () => open.delete(this))
      }
    }
    const { client } = await deviceWith(api, { webSocket: asSocket(CutSocket) })
    const id = await api.engine.enqueue('busy')
    const values: unknown[] = []
    let parts = 0
    const seen = transportsOf(client)
    await api.engine.startWorker()
    for await (const part of client.readStream(id)) {
      values.push(...part.values)
      parts += 1
      if (parts % 5 > 0) continue
      for (const socket of open) socket.terminate()
      client.connection.retryNow()
    }
    expect(values).toEqual(Array.from({ length: total }, (_, n) => n))
    expect(seen).toContain('websocket')
    const { version, status } = await api.engine.job(id)
    expect(await client.jobs.get(id)).toMatchObject({ version, status, progress: 100 })
  })

  it('is back at once when the app is in front again, or the network is there', async () => {
    const api = await testApi([noop])
    const appState = listeners<string>()
    const netInfo = listeners<{ readonly isConnected: boolean | null }>()
    const AppState: AppStateLike = {
      addEventListener: (_type, listener) => ({ remove: appState.add(listener) }),
    }
    const NetInfo: NetInfoLike = { addEventListener: netInfo.add }
    const device = await deviceWith(api, {
      webSocket: false,
      wakeUps: reactNativeWakeUps({ AppState, NetInfo }),
    })
    const { connection } = device.client
    device.isOnline = false
    const stay = device.client.window({}).subscribe(() => undefined)
    await until(connection, ({ attempt }) => attempt > 0)
    netInfo.tell({ isConnected: false })
    await until(connection, ({ state }) => state === 'offline')
    device.isOnline = true
    netInfo.tell({ isConnected: true })
    await until(connection, ({ state }) => state === 'polling')

    const asked = deferred()
    const before = device.asked.length
    const waiting = setInterval(() => device.asked.length > before && asked.resolve(), 5)
    onTestFinished(() => clearInterval(waiting))
    appState.tell('background')
    appState.tell('active')
    await asked.promise
    stay()
    await until(connection, ({ state }) => state === 'idle')
    expect([appState.count(), netInfo.count()]).toEqual([0, 0])
  })
})

/** The events of `ws` are its own, and more. */
function asSocket(constructor: new (address: string) => WebSocket): WebSocketConstructor {
  return constructor as unknown as WebSocketConstructor
}

function listeners<T>() {
  const all = new Set<(value: T) => void>()
  return {
    add(listener: (value: T) => void) {
      all.add(listener)
      return () => void all.delete(listener)
    },
    tell: (value: T) => all.forEach((listener) => listener(value)),
    count: () => all.size,
  }
}
