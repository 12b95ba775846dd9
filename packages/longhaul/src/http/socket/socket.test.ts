import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { clientOf, until } from '../../../test/client.js'
import { ada, bob, grace } from '../../../test/database.js'
import { deferred, testEngine, testJob } from '../../../test/engine.js'
import { apiOf, asHeader, type TestApi, testApi } from '../../../test/http.js'
import { serve, type TestServer } from '../../../test/server.js'
import type { WebSocketConstructor } from '../../client/index.js'
import { type Principal, uuidV7 } from '../../core/index.js'
import { fromWs } from '../../server/from-ws.js'
import { closeCodes, type ClientMessage, rotateCode } from '../../protocol/index.js'
import type { Socket } from './socket.js'

const noop = testJob('noop', () => null)

interface TestSocket {
  send(message: ClientMessage | object | string): void
  /** The next frame of this kind. */
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever the server said: the test looks
  next(event: string): Promise<any>
  readonly closed: Promise<{ readonly code: number }>
  readonly socket: WebSocket
}

function open(
  { webSocketUrl }: TestServer,
  {
    as = ada,
    headers = {},
    query = '',
  }: { as?: Principal | null; headers?: Record<string, string>; query?: string } = {},
): Promise<TestSocket> {
  const socket = new WebSocket(`${webSocketUrl}${query}`, {
    headers: { ...asHeader(as), ...headers },
  })
  onTestFinished(() => socket.terminate())
  const frames: { event: string; data: unknown }[] = []
  const looking = new Set<() => void>()
  socket.on('message', (text) => {
    frames.push(JSON.parse((text as Buffer).toString()) as { event: string; data: unknown })
    for (const look of looking) look()
  })
  const closed = new Promise<{ code: number }>((resolve) => {
    socket.on('close', (code) => resolve({ code }))
  })
  return new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.on('unexpected-response', (_, response) => {
      response.resume()
      reject(new Error(`refused: ${response.statusCode}`))
    })
    socket.on('open', () =>
      resolve({
        socket,
        closed,
        send: (message) =>
          socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
        next: (event) =>
          new Promise((found) => {
            const look = (): void => {
              const at = frames.findIndex((frame) => frame.event === event)
              if (at < 0) return
              looking.delete(look)
              found(frames.splice(at, 1)[0]!.data)
            }
            looking.add(look)
            look()
          }),
      }),
    )
  })
}

async function ticketOf(api: TestApi, as: Principal = ada): Promise<string> {
  const answer = (await (await api.post('/watch/ticket', undefined, { as })).json()) as {
    ticket: string
  }
  return answer.ticket
}

describe('a WebSocket', () => {
  it('carries what is watched, and changes the watches in place', async () => {
    const gate = deferred()
    const api = await testApi([
      testJob('talk', async ({ stream, progress }) => {
        progress(30, 'Talking')
        stream.write('so it goes')
        await gate.promise
      }),
    ])
    const id = await api.engine.enqueue('talk')
    const socket = await open(await serve(api))
    socket.send({ type: 'watch', number: 1, watches: [{ job: id }] })
    expect(await socket.next('hello')).toMatchObject({ number: 1, ws: true })
    const { version, createdAt } = await socket.next('job')
    await api.engine.startWorker()
    await socket.next('change')
    socket.send({
      type: 'watch',
      number: 2,
      watches: [{ job: id }, { job: id, stream: 'output' }],
      known: { [id]: `${version}@${createdAt}` },
    })
    expect(await socket.next('hello')).toMatchObject({ number: 2 })
    let chunk = await socket.next('chunk')
    // It may be told first that the stream has begun.
    if (chunk['restart'] === true) chunk = await socket.next('chunk')
    expect(chunk).toMatchObject({ values: ['so it goes'] })
    gate.resolve()
    expect(await socket.next('end')).toMatchObject({ status: 'completed' })
  })

  it('shows nobody what is not theirs', async () => {
    const api = await testApi([noop])
    const id = await api.engine.enqueue('noop')
    const socket = await open(await serve(api), { as: grace })
    socket.send({
      type: 'watch',
      number: 1,
      watches: [
        { job: id },
        { job: id, stream: 'output' },
        { key: 'all', jobs: { scope: 'visible' } },
      ],
    })
    expect(await socket.next('gone')).toEqual({ id })
    expect(await socket.next('window')).toMatchObject({ ids: [] })
  })

  it('B30: is refused without a caller, and from a page of another site', async () => {
    const server = await serve(await testApi([noop]))
    await expect(open(server, { as: null })).rejects.toThrow('refused: 401')
    for (const cookie of ['session=1', undefined]) {
      const headers = {
        origin: 'https://evil.example',
        ...(cookie === undefined ? {} : { cookie }),
      }
      await expect(open(server, { headers })).rejects.toThrow('refused: 403')
      // Nor may an address say whose host we are.
      const webSocketUrl = `ws://127.0.0.1:${server.port}//evil.example/api/longhaul/ws`
      await expect(open({ ...server, webSocketUrl }, { headers })).rejects.toThrow(
        /hang up|ECONNRESET/,
      )
    }
    await open(server, { headers: { origin: 'https://trusted.example', cookie: 'session=1' } })
  })

  it('B31: is closed after a message that is none', async () => {
    const server = await serve(await testApi([noop]))
    for (const message of ['{', '{"type":"watch"}', '{"type":"x"}', '{"a":1,"a":2}']) {
      const socket = await open(server)
      socket.send(message)
      expect(await socket.next('error')).toMatchObject({ code: expect.any(String) })
      expect(await socket.closed).toEqual({ code: closeCodes.badMessage })
    }
    const socket = await open(server)
    socket.send('x'.repeat(300_000))
    expect(await socket.closed).toEqual({ code: 1009 })
  })

  it('costs nothing once it is closed, and is told when the server shuts down', async () => {
    const api = await testApi([noop])
    const id = await api.engine.enqueue('noop')
    const server = await serve(api)
    const first = await open(server)
    first.send({ type: 'watch', number: 1, watches: [{ job: id }, { job: id, stream: 'output' }] })
    await first.next('job')
    expect(api.hub.size()).toBe(2)
    first.socket.close()
    await first.closed
    await expect.poll(() => api.hub.size()).toBe(0)

    const second = await open(server)
    second.send({ type: 'watch', number: 1, watches: [{ job: id }] })
    await second.next('job')
    api.hub.close()
    expect(await second.next('bye')).toEqual({ reason: 'shutdown' })
    expect(await second.closed).toEqual({ code: rotateCode })
    await expect(open(server)).rejects.toThrow('refused: 503')
  })

  it('is not asked for again and again where the server is about to stop', async () => {
    const api = await testApi([noop])
    const id = await api.engine.enqueue('noop')
    const { url } = await serve(api)
    const client = clientOf(api, { url, webSocket: WebSocket as unknown as WebSocketConstructor })
    onTestFinished(client.job(id).subscribe(() => undefined))
    await until(client.connection, ({ transport }) => transport === 'websocket')
    api.hub.close()
    await until(client.connection, ({ state }) => state === 'polling')
    const tickets = client.sent.filter((request) => request.includes('/watch/ticket'))
    expect(tickets.length).toBeLessThan(5)
    await api.post(`/jobs/${id}/cancel`)
    await until(client.job(id), ({ job }) => job?.status === 'cancelled')
  })

  it('does not hold up a shutdown when the other end has gone to sleep', async () => {
    const api = await testApi([noop])
    const server = await serve(api)
    const { socket } = await open(server)
    socket.pause()
    api.hub.close()
    await expect.poll(server.connections, { timeout: 15_000 }).toBe(0)
  })

  it('F32, G-21: that reads slowly is given the latest state, and does not fill the memory', async () => {
    const { promise: release, resolve } = deferred()
    const api = await testApi([
      testJob('busy', async ({ progress }) => {
        for (let n = 1; n <= 99; n += 1) {
          progress(n, `${n} ${'x'.repeat(180)}`)
          await new Promise((done) => setTimeout(done, 2))
        }
        await release
      }),
    ])
    const id = await api.engine.enqueue('busy')
    const socket = await open(await serve(api))
    socket.send({ type: 'watch', number: 1, watches: [{ job: id }] })
    await socket.next('job')
    socket.socket.pause()
    await api.engine.startWorker()
    await api.engine.untilJob(id, ({ progress }) => progress === 99)
    socket.socket.resume()
    const versions: number[] = []
    for (;;) {
      const change = await socket.next('change')
      versions.push(change.version)
      if (change.progress === 99) break
    }
    expect(versions).toEqual([...versions].sort((a, b) => a - b))
    resolve()
  })
})

it('G-53: is refused a place where there is none, before it is open', async () => {
  const engine = await testEngine([noop])
  const server = await serve(apiOf(engine, {}, { connections: { perCaller: 1 } }))
  const first = await open(server)
  await expect(open(server)).rejects.toThrow('refused: 429')
  first.socket.close()
  await expect.poll(() => open(server).then(() => 'open', String)).toBe('open')
})

describe('an upgrade that cannot be', () => {
  function ask(port: number, head: string): Promise<string> {
    // It never closes its half.
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    onTestFinished(() => void socket.destroy())
    socket.on('error', () => undefined)
    socket.write(`${head}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`)
    return new Promise((resolve) => {
      let answer = ''
      socket.on('data', (bytes) => (answer += bytes.toString()))
      socket.on('end', () => resolve(answer))
    })
  }

  it('does no harm to the server, and leaves nothing behind', async () => {
    const { port, connections } = await serve(await testApi([noop]))
    const path = '/api/longhaul/ws'
    expect(await ask(port, `GET ${path} HTTP/1.1\r\nHost: [`)).toBe('')
    expect(await ask(port, 'GET // HTTP/1.1\r\nHost: a')).toBe('')
    expect(await ask(port, `GET //b${path} HTTP/1.1\r\nHost: a`)).toBe('')
    expect(await ask(port, `GET /\\b${path} HTTP/1.1\r\nHost: a`)).toBe('')
    expect(await ask(port, `GET http://a:b@c${path} HTTP/1.1\r\nHost: c`)).toBe('')
    expect(await ask(port, `GET ${path} HTTP/1.1\r\nHost: a`)).toMatch('401 Unauthorized')
    await expect.poll(connections).toBe(0)
  })
})

describe('a WebSocket of ws', () => {
  async function pair(): Promise<{
    served: Socket
    accepted: WebSocket
    client: WebSocket
    /** What the client writes to. */
    wire: Duplex
  }> {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
    onTestFinished(() => server.close())
    await once(server, 'listening')
    const arrived = once(server, 'connection') as Promise<[WebSocket, IncomingMessage]>
    const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
    onTestFinished(() => client.terminate())
    const upgraded = once(client, 'upgrade') as Promise<[IncomingMessage]>
    const [[accepted, request], [response]] = await Promise.all([
      arrived,
      upgraded,
      once(client, 'open'),
    ])
    return { served: fromWs(accepted, request.socket), accepted, client, wire: response.socket }
  }

  it('is read no faster than what came is looked at', async () => {
    const { served, accepted, client } = await pair()
    const [came, done, last] = [deferred(), deferred(), deferred()]
    served.onMessage(async (text) => {
      if (text === 'last') return last.resolve()
      came.resolve()
      await done.promise
    })
    client.send('first')
    await came.promise
    expect(accepted.isPaused).toBe(true)
    client.send('last')
    done.resolve()
    await last.promise
  })

  it('B31, G-21: is not read on while any wait of those that came in one piece', async () => {
    const { served, accepted, client, wire } = await pair()
    const [came, done, last] = [deferred(), deferred(), deferred()]
    served.onMessage(async (text) => {
      if (text === 'first') return
      if (text === 'last') return last.resolve()
      came.resolve()
      await done.promise
    })
    wire.cork()
    client.send('first')
    client.send('second')
    wire.uncork()
    await came.promise
    await new Promise(setImmediate)
    expect(accepted.isPaused).toBe(true)
    client.send('last')
    done.resolve()
    await last.promise
  })

  it('carries messages of every length, and none once it is closed', async () => {
    const { served, client } = await pair()
    const lengths = [0, 1, 125, 126, 65_535, 65_536, 200_000]
    const came: number[] = []
    client.on('message', (data, isBinary) => came.push(isBinary ? -1 : (data as Buffer).length))
    const closed = once(client, 'close')
    for (const length of lengths) served.send(Buffer.alloc(length, 'x'), () => undefined)
    served.close(rotateCode, 'rotate')
    const late = deferred()
    served.send(Buffer.from('late'), () => late.resolve())
    await Promise.all([closed, late.promise])
    expect(came).toEqual(lengths)
  })
})

describe('a ticket', () => {
  it('B28: opens one WebSocket of whom it was given to', async () => {
    const api = await testApi([noop])
    const server = await serve(api)
    const id = await api.engine.enqueue('noop')
    const ticket = await ticketOf(api)
    const socket = await open(server, { as: null, query: `?ticket=${ticket}` })
    socket.send({ type: 'watch', number: 1, watches: [{ job: id }] })
    expect(await socket.next('job')).toMatchObject({ id, ownerId: 'ada' })
    await expect(open(server, { as: null, query: `?ticket=${ticket}` })).rejects.toThrow(
      'refused: 401',
    )
    const made = uuidV7(0, new Uint8Array(10))
    await expect(open(server, { as: null, query: `?ticket=${made}` })).rejects.toThrow(
      'refused: 401',
    )
  })

  it('is worth nothing once its time is over', async () => {
    const api = await testApi([noop])
    const ticket = await ticketOf(api)
    await api.engine.db.query(`update longhaul.tickets set expires_at = now() - interval '1 s'`)
    await expect(open(await serve(api), { as: null, query: `?ticket=${ticket}` })).rejects.toThrow(
      '401',
    )
    await ticketOf(api)
    expect(await api.engine.db.query('select from longhaul.tickets')).toHaveLength(1)
  })
})

describe('who is still asking', () => {
  async function aging(
    tokens: Record<string, Principal>,
    revalidateMs = 50,
  ): Promise<{ api: TestApi; server: TestServer }> {
    const api = await testApi([noop], {
      revalidateMs,
      authenticate({ headers }) {
        const [, token] = (headers.get('authorization') ?? '').split(' ')
        if (token !== undefined) return tokens[token] ?? null
        const header = headers.get('x-principal')
        return header === null ? null : (JSON.parse(header) as Principal)
      },
    })
    return { api, server: await serve(api) }
  }

  it('is proved by a new ticket, and nothing is sent meanwhile', async () => {
    // Long enough for the job to come before the next proof is asked for, also on a busy machine.
    const { api, server } = await aging({}, 1000)
    const id = await api.engine.enqueue('noop')
    const query = `?ticket=${await ticketOf(api)}`
    const socket = await open(server, { as: null, query })
    await socket.next('auth')
    socket.send({ type: 'watch', number: 1, watches: [{ job: id }] })
    socket.send({ type: 'auth', ticket: await ticketOf(api) })
    expect(await socket.next('job')).toMatchObject({ id })
  })

  it('is asked for once, however slow the sign-in service is', async () => {
    const asked: ((principal: null) => void)[] = []
    const severalAsked = deferred()
    const api = await testApi([noop], {
      revalidateMs: 20,
      authenticate({ headers }) {
        const header = headers.get('x-principal')
        if (header !== null) return JSON.parse(header) as Principal
        return new Promise((resolve) => {
          asked.push(resolve)
          if (asked.length === 3) severalAsked.resolve()
        })
      },
    })
    const id = await api.engine.enqueue('noop')
    const query = `?ticket=${await ticketOf(api)}`
    const { socket, send, next } = await open(await serve(api), { as: null, query })
    const events: unknown[] = []
    socket.on('message', (text) =>
      events.push((JSON.parse((text as Buffer).toString()) as { event: unknown }).event),
    )
    await severalAsked.promise
    for (const answer of asked) answer(null)
    await next('auth')
    send({ type: 'auth', ticket: await ticketOf(api) })
    send({ type: 'watch', number: 1, watches: [{ job: id }] })
    await next('job')
    expect(events.filter((event) => event === 'auth')).toHaveLength(1)
  })

  it('B27: is proved by a token, for as long as the token is good', async () => {
    const tokens: Record<string, Principal> = { good: ada }
    const { api, server } = await aging(tokens)
    const socket = await open(server, { as: null, query: `?ticket=${await ticketOf(api)}` })
    const taken = async (number: number): Promise<void> => {
      socket.send({ type: 'watch', number, watches: [] })
      await socket.next('hello')
    }
    socket.send({ type: 'auth', token: 'good' })
    await taken(1)
    delete tokens['good']
    tokens['better'] = ada
    await socket.next('auth')
    socket.send({ type: 'auth', token: 'better' })
    await taken(2)
    tokens['better'] = bob
    await socket.next('auth')
    socket.send({ type: 'auth', token: 'better' })
    expect(await socket.next('error')).toMatchObject({ code: 'unauthenticated' })
    expect(await socket.closed).toEqual({ code: closeCodes.unauthenticated })
  })
})
