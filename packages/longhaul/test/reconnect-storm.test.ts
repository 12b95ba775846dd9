import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import {
  createClient,
  type LonghaulClient,
  type WebSocketConstructor,
} from '../src/client/index.js'
import { type AppProcess, startApp } from './chaos/app-process.js'
import { chaosLab } from './chaos/lab.js'
import { isLong } from './seed.js'

const clients = isLong ? 2000 : 200
const timeout = isLong ? 600_000 : 120_000
const url = 'http://api/api/longhaul'

/** A client that is led to the process that answers at the time, by its transport alone. */
function clientOf(answering: () => AppProcess, transport: 'sse' | 'websocket'): LonghaulClient {
  const led = (to: string): string => to.replace(/^\w+:\/\/api\/api\/longhaul/, answering().url)
  class LedSocket extends WebSocket {
    constructor(to: string) {
      super(led(to).replace('http:', 'ws:'))
    }
  }
  const client = createClient({
    url,
    webSocket: transport === 'websocket' && (LedSocket as unknown as WebSocketConstructor),
    fetch: (to, init) => fetch(led(to), init),
  })
  onTestFinished(() => client.close())
  return client
}

describe('when all connections of a process are lost at once', { timeout }, () => {
  it('F29, G-11: everybody is live again at the next one, and shows what the database says', async () => {
    const lab = await chaosLab()
    const api = (): Promise<AppProcess> => startApp({ database: lab.database }, { listen: true })
    let answering = await api()
    const ids = await Promise.all(
      Array.from({ length: clients }, (_, n) => lab.enqueue('noop', { n })),
    )
    const readers = ids.map((id, n) => {
      const transport = n % 2 === 0 ? 'sse' : 'websocket'
      const client = clientOf(() => answering, transport)
      const job = client.job(id)
      onTestFinished(job.subscribe(() => undefined))
      return { transport, client, job }
    })
    const connections = (): unknown =>
      new Set(
        readers.map(({ client, transport }) => {
          const { state, transport: by } = client.connection.getSnapshot()
          return by === transport ? state : `${state}, by ${by}`
        }),
      )
    await expect.poll(connections, { timeout }).toEqual(new Set(['live']))

    answering.kill('SIGKILL')
    await answering.gone
    // What becomes of the jobs becomes of them while nobody is there to say so.
    await lab.startApp()
    for (const id of ids) await lab.until(id, 'completed')
    const shown = (): unknown => new Set(readers.map(({ job }) => job.getSnapshot().job?.status))
    expect(shown()).toEqual(new Set(['queued']))

    answering = await api()
    await expect.poll(shown, { timeout }).toEqual(new Set(['completed']))
    // Sockets may be tried again later: a stream is live too.
    const states = (): unknown =>
      new Set(readers.map(({ client }) => client.connection.getSnapshot().state))
    await expect.poll(states, { timeout }).toEqual(new Set(['live']))
  })
})
