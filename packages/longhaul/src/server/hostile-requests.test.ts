import { createServer, type ServerOptions } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ada } from '../../test/database.js'
import { testJob } from '../../test/engine.js'
import { asHeader, type TestApi, testApi } from '../../test/http.js'
import { toNodeListener } from './index.js'

interface Served {
  readonly api: TestApi
  /** Send bytes as they are. @returns all that comes back until the server closes the connection */
  send(text: string): Promise<string>
}

async function serve(options: ServerOptions = {}): Promise<Served> {
  const api = await testApi([testJob('noop', () => null)])
  const server = createServer(options, toNodeListener(api.fetch))
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return {
    api,
    send: (text) =>
      new Promise((resolve) => {
        const socket = connect(port, '127.0.0.1', () => socket.write(text, 'latin1'))
        onTestFinished(() => void socket.destroy())
        let answer = ''
        socket.on('data', (bytes) => (answer += bytes.toString('latin1')))
        // It may have closed while we were still sending.
        socket.on('error', () => undefined)
        socket.on('close', () => resolve(answer))
      }),
  }
}

const principal = `x-principal: ${asHeader(ada)['x-principal']}`
const job = '{"type":"noop"}'

function request(
  line: string,
  headers: readonly string[] = [],
  body = '',
  closing: readonly string[] = ['Connection: close'],
): string {
  return [`${line} HTTP/1.1`, 'Host: a', principal, ...headers, ...closing, '', body].join('\r\n')
}

const post = (headers: readonly string[], body: string): string =>
  request('POST /api/longhaul/jobs', ['Content-Type: application/json', ...headers], body)

const statusesOf = (answer: string): string[] =>
  [...answer.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status!)

async function jobs({ engine }: TestApi): Promise<number> {
  return (await engine.db.query('select from longhaul.jobs')).length
}

describe('a head', () => {
  it.each<[string, string, string]>([
    ['of 20 kB', request('GET /api/longhaul/jobs', [`X-A: ${'x'.repeat(20_000)}`]), '431'],
    [
      'of 3,000 lines',
      request('GET /api/longhaul/jobs', Array<string>(3000).fill('X-A: 1234')),
      '431',
    ],
    [
      'with a bare line end in a value',
      request('GET /api/longhaul/jobs', ['X-A: 1\rX-B: 2']),
      '400',
    ],
    ['with U+0000 in a value', request('GET /api/longhaul/jobs', ['X-A: 1\0']), '400'],
    ['with a folded line', request('GET /api/longhaul/jobs', ['X-A: 1', ' 2']), '400'],
    ['with a space before the colon', request('GET /api/longhaul/jobs', ['X-A : 1']), '400'],
    ['for a path with a backslash', request('GET /\\evil.example/jobs'), '400'],
    ['for an address that is none', request('GET http://[/api/longhaul/jobs'), '400'],
    ['for no path', request('GET //'), '404'],
    ['of TRACE', request('TRACE /api/longhaul/jobs'), '405'],
    ['of a method that is none', request('BREW /api/longhaul/jobs'), '400'],
  ])('B21, B24: %s is refused, and the server goes on', async (_, text, status) => {
    const { send } = await serve()
    expect(statusesOf(await send(text))).toEqual([status])
    expect(statusesOf(await send(request('GET /api/longhaul/jobs')))).toEqual(['200'])
  })

  it('B21: of a thousand lines that fit is read', async () => {
    const { send } = await serve()
    const lines = Array.from({ length: 1000 }, (_, n) => `X${n}: 1`)
    expect(statusesOf(await send(request('GET /api/longhaul/jobs', lines)))).toEqual(['200'])
  })

  it('B21: gives the answer no line of its own', async () => {
    const { send, api } = await serve()
    const injected = '%0d%0aSet-Cookie:%20a=1'
    const key = [`Idempotency-Key: ${injected}`, `Content-Length: ${job.length}`]
    const answers = [
      await send(request(`GET /api/longhaul/jobs/${injected}`)),
      await send(request(`GET /api/longhaul/${injected}`)),
      await send(request('GET /api/longhaul/jobs', [`Origin: https://trusted.example${injected}`])),
      await send(request('GET /api/longhaul/jobs', [`Prefer: wait=1${injected}`])),
      await send(post(key, job)),
    ]
    expect(answers.flatMap(statusesOf)).toEqual(['404', '404', '200', '200', '201'])
    for (const answer of answers) {
      const [head = ''] = answer.split('\r\n\r\n')
      expect(head).not.toMatch(/set-cookie|trusted\.example/i)
    }
    expect(await jobs(api)).toBe(1)
  })
})

describe('a body whose end is in doubt', () => {
  const chunked = 'Transfer-Encoding: chunked'
  const hidden = `0\r\n\r\n${post(['Content-Length: 15'], job)}`

  it.each<[string, string]>([
    ['has a length and comes in chunks', post(['Content-Length: 4', chunked], hidden)],
    ['has two lengths', post(['Content-Length: 15', 'Content-Length: 5'], job)],
    ['has a length that is no number', post(['Content-Length: 15x'], job)],
    ['comes in chunks that are not the last coding', post([`${chunked}, identity`], hidden)],
    ['has a chunk whose length is no number', post([chunked], `zz\r\n${job}\r\n0\r\n\r\n`)],
    ['has a chunk that is longer than it says', post([chunked], `5\r\n${job}\r\n0\r\n\r\n`)],
    [
      'is shorter than it says, and then nothing comes',
      post([chunked], `ff\r\n${job}\r\n0\r\n\r\n`),
    ],
  ])('B22: because it %s makes no job, nor does what is hidden in it', async (_, text) => {
    const { send, api } = await serve({
      requestTimeout: 1000,
      headersTimeout: 1000,
      connectionsCheckingInterval: 100,
    })
    for (const status of statusesOf(await send(text))) expect(['400', '408']).toContain(status)
    expect(await jobs(api)).toBe(0)
    expect(statusesOf(await send(post(['Content-Length: 15'], job)))).toEqual(['201'])
  })
})

describe('a request that takes for ever', () => {
  const times = { headersTimeout: 1000, requestTimeout: 1500, connectionsCheckingInterval: 100 }

  it.each<[string, string]>([
    ['head', 'GET /api/longhaul/jobs HTTP/1.1\r\nHost: a\r\nX-A: '],
    [
      'body',
      request(
        'POST /api/longhaul/jobs',
        ['Content-Type: application/json', 'Content-Length: 15'],
        '{"type":',
        [],
      ),
    ],
    ['body in chunks', post(['Transfer-Encoding: chunked'], '5\r\n{"typ')],
  ])('B23: to send its %s is given up, and makes no job', async (_, text) => {
    const { send, api } = await serve(times)
    expect(statusesOf(await send(text))).toEqual(['408'])
    expect(await jobs(api)).toBe(0)
    expect(statusesOf(await send(request('GET /api/longhaul/jobs')))).toEqual(['200'])
  })
})
