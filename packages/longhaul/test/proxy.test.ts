import { expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import type { ClientOptions, LonghaulClient } from '../src/client/index.js'
import { createClientOn } from '../src/client/client.js'
import { testPlatform, until } from './client.js'
import { ada } from './database.js'
import { testEngine, testJob } from './engine.js'
import { apiOf, asHeader, nextEvent, readEvents, type TestApi } from './http.js'
import { startNginx } from './nginx.js'
import { serve } from './server.js'

const upgrades = `
  proxy_http_version 1.1;
  proxy_set_header Upgrade $http_upgrade;
  proxy_set_header Connection upgrade;`
/** As a proxy that knows nothing of the header by which an answer asks not to be held back. */
const holdsBack = 'proxy_ignore_headers X-Accel-Buffering; proxy_buffering on;'
const compresses = 'gzip on; gzip_types *; gzip_min_length 1; gzip_proxied any;'

const whyNoSocket = 'A WebSocket could not be opened.'
const whyNoStream = 'Streaming does not work from here.'

async function behindNginx(
  settings: string,
  heartbeatMs = 15_000,
): Promise<{ api: TestApi; port: number; id: string }> {
  const engine = await testEngine([testJob('noop', () => null)])
  const api = apiOf(engine, {}, { heartbeatMs })
  const id = await engine.enqueue('noop')
  return { api, id, port: await startNginx((await serve(api)).port, settings) }
}

const asAda: NonNullable<ClientOptions['fetch']> = (url, init) =>
  fetch(url, { ...init, headers: { ...(init?.headers as object), ...asHeader(ada) } })

function clientAt(port: number): LonghaulClient {
  const client = createClientOn(testPlatform({ WebSocket: WebSocket as never }), {
    url: `http://127.0.0.1:${port}/api/longhaul`,
    fetch: asAda,
  })
  onTestFinished(() => client.close())
  return client
}

it.each([
  ['with its default settings', '', 'sse', whyNoSocket],
  ['that compresses all it can', compresses, 'sse', whyNoSocket],
  ['that passes upgrades on', upgrades, 'websocket', null],
  ['that holds answers back', holdsBack, 'long-poll', whyNoStream],
  ['that holds answers back and passes upgrades on', holdsBack + upgrades, 'websocket', null],
])(
  'F30, G-55: a client behind an nginx %s ends on what works there, and hears of what happens',
  { timeout: 60_000 },
  async (_, settings, transport, reason) => {
    const { api, port, id } = await behindNginx(settings)
    const client = clientAt(port)
    onTestFinished(client.job(id).subscribe(() => undefined))
    await until(
      client.connection,
      (status) => status.transport === transport && status.reason === reason,
    )
    await api.engine.startWorker()
    const { job } = await until(client.job(id), (seen) => seen.job?.status === 'completed')
    expect(job).toMatchObject({ id })
  },
)

it.each([
  ['with its default settings', ''],
  ['that compresses all it can', compresses],
])(
  'F30, G-55: a stream behind an nginx %s begins at once, and each change comes by itself',
  async (_, settings) => {
    const { api, port, id } = await behindNginx(settings)
    const response = await asAda(`http://127.0.0.1:${port}/api/longhaul/watch?job=${id}`)
    const events = readEvents(response)
    // The next heartbeat, which would push out what is held back, is 15 s away.
    await nextEvent(events, ({ event }) => event === 'job')
    await api.engine.startWorker()
    const { data } = await nextEvent(events, ({ event }) => event === 'change')
    expect(data).toMatchObject({ id })
    await events.return(undefined)
  },
)

/** As 15 s are to its 60 s, so that the test takes seconds. */
const heartbeatMs = 500
const idleLimit = 'proxy_read_timeout 2s; proxy_send_timeout 2s; send_timeout 2s;'
const longerThanTheLimit = 6

it('F31, G-55: a stream of which nothing is heard outlives nginx’s limit for idle connections', async () => {
  const { port, id } = await behindNginx(idleLimit, heartbeatMs)
  const events = readEvents(await asAda(`http://127.0.0.1:${port}/api/longhaul/watch?job=${id}`))
  let beats = 0
  for await (const { event } of events) {
    if (event === 'hb') beats += 1
    if (beats === longerThanTheLimit) break
  }
  expect(beats).toBe(longerThanTheLimit)
})

it('F31, G-55: a WebSocket of which nothing is heard outlives nginx’s limit for idle connections', async () => {
  const { port, id } = await behindNginx(idleLimit + upgrades, heartbeatMs)
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/longhaul/ws`, { headers: asHeader(ada) })
  onTestFinished(() => socket.terminate())
  socket.on('open', () =>
    socket.send(JSON.stringify({ type: 'watch', number: 1, watches: [{ job: id }] })),
  )
  const beats = await new Promise<number>((resolve) => {
    let count = 0
    socket.on('message', (text) => {
      if (!(text as Buffer).toString().includes('"event":"hb"')) return
      count += 1
      if (count === longerThanTheLimit) resolve(count)
    })
    socket.on('close', () => resolve(count))
  })
  expect(beats).toBe(longerThanTheLimit)
})
