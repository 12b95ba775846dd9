import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { ada, testDatabase } from '../../test/database.js'
import { silent, testJob } from '../../test/engine.js'
import { nextEvent, readEvents } from '../../test/http.js'
import { createLonghaul, type Longhaul, toNodeListener } from './index.js'

async function served(
  before = (listener: RequestListener): RequestListener => listener,
): Promise<{ longhaul: Longhaul; url: string; id: string }> {
  const { connection } = await testDatabase()
  const longhaul = createLonghaul({
    jobs: [testJob('noop', () => null)],
    authenticate: () => ada,
    trustedOrigins: ['https://trusted.example'],
    database: connection,
    logger: silent,
  })
  onTestFinished(() => longhaul.stop({ graceMs: 0 }))
  const server = createServer(before(toNodeListener(longhaul.fetch)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { id } = await longhaul.jobs.enqueue('noop', {}, { principal: ada })
  const { port } = server.address() as AddressInfo
  return { longhaul, id, url: `http://127.0.0.1:${port}/api/longhaul/watch?job=${id}` }
}

const stream = { accept: 'text/event-stream' }

it('gives a live stream the headers of every answer, and its frames', async () => {
  const { url, id } = await served()
  const headers = { ...stream, origin: 'https://trusted.example' }
  const response = await fetch(url, { headers })
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'access-control-allow-origin': 'https://trusted.example',
    'x-accel-buffering': 'no',
    vary: 'Origin',
  })
  const { data } = await nextEvent(readEvents(response), ({ event }) => event === 'job')
  expect(data).toMatchObject({ id, status: 'queued' })
})

it('says goodbye to a live stream when the app stops', async () => {
  const { url, longhaul } = await served()
  const events = readEvents(await fetch(url, { headers: stream }))
  await nextEvent(events, ({ event }) => event === 'job')
  const [{ data }] = await Promise.all([
    nextEvent(events, ({ event }) => event === 'bye'),
    longhaul.stop(),
  ])
  expect(data).toEqual({ reason: 'shutdown' })
  expect((await events.next()).done).toBe(true)
})

it('writes a live stream through what a middleware has put before the connection', async () => {
  let written = 0
  const { url, id } = await served((listener) => (request, response) => {
    const write = response.write.bind(response)
    response.write = (...args: unknown[]) => {
      written += 1
      return write(...(args as [string]))
    }
    listener(request, response)
  })
  const events = readEvents(await fetch(url, { headers: stream }))
  expect((await nextEvent(events, ({ event }) => event === 'job')).data).toMatchObject({ id })
  expect(written).toBeGreaterThan(0)
  await events.return(undefined)
})

it('follows nothing for a question that wants no body', async () => {
  const { url, longhaul } = await served()
  const response = await fetch(url, { method: 'HEAD', headers: stream })
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  expect((await longhaul.health()).watched).toBe(0)
})
