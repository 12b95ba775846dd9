import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { acmeAdmin, ada, bob, grace } from '../../test/database.js'
import { testJob } from '../../test/engine.js'
import { asHeader, type TestApi, testApi } from '../../test/http.js'
import type { Principal } from '../core/index.js'
import { routes } from './routes/index.js'

const noop = testJob('noop', () => null)
const unknown = '0190a1b2-0000-7000-8000-00000000ffff'
const json = { 'content-type': 'application/json' }

async function send(
  api: TestApi,
  body: BodyInit,
  headers: Record<string, string> = json,
): Promise<{ status: number; code: string; pointer?: string }> {
  const response = await api.fetch(
    new Request('http://localhost/api/longhaul/jobs', {
      method: 'POST',
      body,
      headers: { ...asHeader(ada), ...headers },
      duplex: 'half',
    } as RequestInit),
  )
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  const problem = await response.json()
  expect(problem.status).toBe(response.status)
  expect(problem.detail).not.toMatch(/\bselect\b|longhaul\.[a-z_]|constraint|\bat .*\.ts/)
  return { status: response.status, code: problem.code, pointer: problem.errors?.[0]?.pointer }
}

const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`
const job = (input: string): string => `{"type":"noop","input":${input}}`

describe('a bad body', () => {
  it.each<[string, string, number, string, string?]>([
    ['broken JSON', '{"type":', 400, 'invalid_json'],
    ['a byte order mark', '\uFEFF{"type":"noop"}', 400, 'invalid_json'],
    ['trailing bytes', '{"type":"noop"} x', 400, 'invalid_json'],
    ['two documents', '{"type":"noop"}{"type":"noop"}', 400, 'invalid_json'],
    ['NaN', job('NaN'), 400, 'invalid_json'],
    ['an empty body', '', 422, 'invalid_input'],
    ['something that is no object', '[]', 422, 'invalid_input'],
    ['a field that it does not know', '{"type":"noop","tenant_id":"globex"}', 422, 'unknown_field'],
    [
      'a status, which is not the caller’s to set',
      '{"type":"noop","status":"completed"}',
      422,
      'unknown_field',
    ],
    ['great depth', job(deep(70)), 422, 'too_deep'],
    ['absurd depth', job(deep(50_000)), 422, 'too_deep'],
    [
      'too many members',
      job(`{${Array.from({ length: 10_001 }, (_, n) => `"k${n}":1`).join()}}`),
      422,
      'too_complex',
    ],
    ['a member’s name that is too long', job(`{"${'k'.repeat(257)}":1}`), 422, 'too_complex'],
    ['__proto__', job('{"a":{"__proto__":{"x":1}}}'), 422, 'forbidden_key', '/input/a/__proto__'],
    [
      'a member of the envelope twice',
      '{"type":"noop","type":"other"}',
      422,
      'duplicate_key',
      '/type',
    ],
    [
      'an integer that JavaScript would round',
      job('{"id":[1,9007199254740993]}'),
      422,
      'unsafe_number',
      '/input/id/1',
    ],
    ['a number that is too large', job('1e400'), 422, 'unsafe_number', '/input'],
    ['U+0000', job('{"a":"x\\u0000"}'), 422, 'invalid_character', '/input/a'],
    ['U+0000 in a name', job('{"b":1,"a\\u0000":1}'), 422, 'invalid_character', '/input'],
    ['half of a surrogate pair', job('["\\ud800"]'), 422, 'invalid_character', '/input/0'],
    ['a job type that is not there', '{"type":"cruise"}', 422, 'unknown_job_type'],
    ['a job type with a strange name', '{"type":"__proto__"}', 422, 'unknown_job_type'],
    ['a priority as text', '{"type":"noop","priority":"1"}', 422, 'invalid_input', '/priority'],
    [
      'a priority out of range',
      '{"type":"noop","priority":5000}',
      422,
      'invalid_input',
      '/priority',
    ],
    [
      'a priority that is a fraction',
      '{"type":"noop","priority":0.5}',
      422,
      'invalid_input',
      '/priority',
    ],
    [
      'a time in the year 9999',
      '{"type":"noop","runAt":"9999-01-01T00:00:00Z"}',
      422,
      'invalid_input',
      '/runAt',
    ],
    [
      'the 30th of February',
      '{"type":"noop","runAt":"2027-02-30T00:00:00Z"}',
      422,
      'invalid_input',
      '/runAt',
    ],
    [
      'a time without an offset',
      '{"type":"noop","runAt":"2027-01-01T00:00:00"}',
      422,
      'invalid_input',
      '/runAt',
    ],
    [
      'a time before there is any',
      '{"type":"noop","runAt":"0001-01-01T00:00:00+14:00"}',
      422,
      'invalid_input',
      '/runAt',
    ],
    ['-infinity', '{"type":"noop","runAt":"-infinity"}', 422, 'invalid_input', '/runAt'],
    ['a negative delay', '{"type":"noop","delay":-5}', 422, 'invalid_input', '/delay'],
    ['a delay of ages', '{"type":"noop","delay":1e15}', 422, 'invalid_input', '/delay'],
    ['a tag that is no name', '{"type":"noop","tags":["Ünïcode"]}', 422, 'invalid_input', '/tags'],
    ['an id that is none', '{"type":"noop","id":"../../etc"}', 422, 'invalid_input', '/id'],
    [
      'an id in upper case',
      '{"type":"noop","id":"0190A1B2-0000-7000-8000-000000000001"}',
      422,
      'invalid_input',
      '/id',
    ],
    [
      'metadata that is no object',
      '{"type":"noop","metadata":[1]}',
      422,
      'invalid_input',
      '/metadata',
    ],
    [
      'metadata that is too large',
      `{"type":"noop","metadata":{"m":"${'m'.repeat(70_000)}"}}`,
      413,
      'payload_too_large',
    ],
    ['an input that is too large', job(`"${'é'.repeat(530_000)}"`), 413, 'payload_too_large'],
    ['a body that is too large', job(`"${'x'.repeat(1_300_000)}"`), 413, 'payload_too_large'],
    [
      'SQL where a name belongs',
      `{"type":"'; drop table longhaul.jobs; --"}`,
      422,
      'unknown_job_type',
    ],
  ])(
    'B1, B3, B5, B6, B7, B8, B9, B15, B17, B18, B19: with %s gets a 4xx that says so',
    async (_, body, status, code, pointer) => {
      const api = await testApi([noop])
      const answer = await send(api, body)
      expect(answer).toMatchObject({ status, code })
      if (pointer !== undefined) expect(answer.pointer).toBe(pointer)
      expect(await api.engine.db.query('select from longhaul.jobs')).toEqual([])
    },
  )

  it.each<[string, Record<string, string>]>([
    ['no content type', {}],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['plain text', { 'content-type': 'text/plain' }],
    ['another charset', { 'content-type': 'application/json; charset=utf-16' }],
    ['another encoding', { ...json, 'content-encoding': 'br' }],
  ])('B2: with %s gets 415', async (_, headers) => {
    const api = await testApi([noop])
    const body = new TextEncoder().encode('{"type":"noop"}')
    expect(await send(api, body, headers)).toMatchObject({
      status: 415,
      code: 'unsupported_media_type',
    })
  })

  it('B1: that is not UTF-8 gets 400', async () => {
    const api = await testApi([noop])
    expect(await send(api, new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]))).toMatchObject({
      code: 'invalid_json',
    })
  })

  it('B4: of gzip is unpacked, and a bomb is not', async () => {
    const api = await testApi([noop])
    const headers = { ...json, 'content-encoding': 'gzip', ...asHeader(ada) }
    const url = 'http://localhost/api/longhaul/jobs'
    const good = await api.fetch(
      new Request(url, { method: 'POST', headers, body: gzipSync('{"type":"noop"}') }),
    )
    expect(good.status).toBe(201)
    const bomb = gzipSync(Buffer.alloc(50_000_000, 'x'))
    expect(await send(api, bomb, { ...json, 'content-encoding': 'gzip' })).toMatchObject({
      status: 413,
    })
    expect(await send(api, 'not gzip', { ...json, 'content-encoding': 'gzip' })).toMatchObject({
      status: 400,
    })
  })

  it('B3: that never ends is read only up to the limit', async () => {
    const api = await testApi([noop])
    let sent = 0
    const endless = new ReadableStream({
      pull(controller) {
        sent += 100_000
        controller.enqueue(new Uint8Array(100_000).fill(0x20))
      },
    })
    expect(await send(api, endless)).toMatchObject({ status: 413, code: 'payload_too_large' })
    expect(sent).toBeLessThan(3_000_000)
  })

  it('B55: in which much is wrong, under long names, gets an answer that is short', async () => {
    const numbers = testJob('numbers', () => null, { input: z.json().and(z.array(z.number())) })
    const api = await testApi([numbers])
    const items = JSON.stringify(Array<string>(5000).fill('x'))
    const names = Array.from({ length: 200 }, (_, n) => `"${'k'.repeat(250)}${n}":1`).join()
    for (const body of [`{"type":"numbers","input":${items}}`, `{"type":"numbers",${names}}`]) {
      const response = await api.fetch(
        new Request('http://localhost/api/longhaul/jobs', {
          method: 'POST',
          body,
          headers: { ...asHeader(ada), ...json },
        }),
      )
      expect(response.status).toBe(422)
      expect((await response.text()).length).toBeLessThan(8192)
    }
  })

  it('of any JSON gets an answer that is planned, and never a 500', async () => {
    const api = await testApi([noop])
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.json({ stringUnit: 'binary' }),
          fc.string(),
          fc
            .record({ type: fc.constant('noop'), input: fc.jsonValue({ stringUnit: 'binary' }) })
            .map((body) => JSON.stringify(body)),
        ),
        async (body) => {
          const response = await api.fetch(
            new Request('http://localhost/api/longhaul/jobs', {
              method: 'POST',
              body,
              headers: { ...asHeader(ada), ...json },
            }),
          )
          expect([201, 400, 413, 415, 422]).toContain(response.status)
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('a bad key, id, cursor or parameter', () => {
  it.each(['x'.repeat(256), 'é'.repeat(128)])(
    'B20: refuses the idempotency key %#',
    async (key) => {
      const api = await testApi([noop])
      const headers = { ...json, 'idempotency-key': encodeHeader(key) }
      expect(await send(api, '{"type":"noop"}', headers)).toMatchObject({
        status: 400,
        code: 'invalid_header',
      })
    },
  )

  it.each([
    '0',
    '1e9',
    '..',
    '%00',
    '%F0%9F%A6%86',
    'x'.repeat(10_000),
    '0190A1B2-0000-7000-8000-000000000001',
    "1'--",
  ])('B12: answers 404 for the id %#', async (id) => {
    const api = await testApi([noop])
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['POST', '/cancel'],
      ['POST', '/retry'],
      ['POST', '/signals/go'],
    ] as const) {
      const response = await api.request(`/jobs/${id}${path}`, { method })
      expect(response.status, `${method} ${path}`).toBeGreaterThanOrEqual(400)
      expect(response.status, `${method} ${path}`).toBeLessThan(500)
    }
  })

  it.each([
    ['/jobs?limit=0', 'invalid_parameter'],
    ['/jobs?limit=-1', 'invalid_parameter'],
    ['/jobs?limit=201', 'invalid_parameter'],
    ['/jobs?limit=1e2', 'invalid_parameter'],
    ['/jobs?limit=NaN', 'invalid_parameter'],
    ['/jobs?limit=1&limit=2', 'ambiguous_parameter'],
    ['/jobs?status=done', 'invalid_parameter'],
    ['/jobs?status=', 'invalid_parameter'],
    ['/jobs?scope=all', 'invalid_parameter'],
    ['/jobs?sort=version', 'invalid_parameter'],
    ['/jobs?tags=a%00', 'invalid_parameter'],
    ['/jobs?cursor=garbage', 'invalid_cursor'],
    [
      `/jobs?cursor=${Buffer.from('x 2026-01-01T00:00:00Z ../..').toString('base64url')}`,
      'invalid_cursor',
    ],
    [`/jobs/${unknown}?include=secrets`, 'invalid_parameter'],
    ['/watch', 'invalid_parameter'],
  ])('B13, B14: refuses %s', async (path, code) => {
    const api = await testApi([noop])
    const response = await api.request(path)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ code })
  })

  it('B13: refuses a cursor of another tenant', async () => {
    const api = await testApi([noop])
    for (let n = 0; n < 3; n += 1) await api.engine.enqueue('noop')
    const { nextCursor } = await (await api.request('/jobs?limit=1')).json()
    expect((await api.request(`/jobs?cursor=${nextCursor}`)).status).toBe(200)
    expect((await api.request(`/jobs?cursor=${nextCursor}`, { as: grace })).status).toBe(400)
  })

  it('B28: refuses a token in the URL, whatever it is called', async () => {
    const api = await testApi([noop])
    for (const name of ['token', 'access_token', 'api_key']) {
      expect(await (await api.request(`/jobs?${name}=secret`)).json()).toMatchObject({
        code: 'token_in_url',
      })
    }
  })

  it('B24: answers 404 for a route and 405 for a method that is not there', async () => {
    const api = await testApi([noop])
    expect((await api.request('/nothing')).status).toBe(404)
    const put = await api.request('/jobs', { method: 'PUT' })
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'POST, GET'])
    const overridden = await api.request(`/jobs/${unknown}`, {
      headers: { 'x-http-method-override': 'DELETE' },
    })
    expect(overridden.status).toBe(404)
  })
})

describe('a caller', () => {
  it('that is nobody gets 401 everywhere but at the open routes', async () => {
    const api = await testApi([noop])
    for (const { method, path, access } of routes) {
      const response = await api.request(path.replace('{jobId}', unknown), { method, as: null })
      if (access === 'public') expect(response.status).toBe(200)
      else
        expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    }
  })

  it('B34, G-12: cannot tell another tenant’s or owner’s job from one that is not there, at any route', async () => {
    const api = await testApi([noop])
    const id = await api.engine.enqueue('noop', { canary: 'of ada' })
    const shown = async (as: Principal, method: string, path: string): Promise<unknown> => {
      const response = await api.request(path, { method, as })
      const text = (await response.text())
        .replaceAll(/req_[\w-]+/g, 'req')
        .replaceAll(id, 'ID')
        .replaceAll(unknown, 'ID')
      return [response.status, text]
    }
    for (const { method, path } of routes.filter((route) => route.path.includes('{jobId}'))) {
      for (const as of [grace, bob, { ...acmeAdmin, tenantId: 'globex' }]) {
        const foreign = await shown(as, method, path.replace('{jobId}', id))
        expect(foreign, `${method} ${path}`).toEqual(
          await shown(as, method, path.replace('{jobId}', unknown)),
        )
        expect(JSON.stringify(foreign)).not.toContain('canary')
      }
    }
    expect((await api.engine.job(id)).version).toBe(1)
  })

  it('B34: cannot tell another’s schedule from one that is not there, nor what is no name', async () => {
    const api = await testApi([noop])
    await api.engine.schedules.set(ada, { id: 'nightly', type: 'noop', input: {}, cron: '@daily' })
    for (const { method, path } of routes.filter((route) => route.path.includes('{scheduleId}'))) {
      if (method === 'PUT') continue
      for (const as of [grace, bob, { ...acmeAdmin, tenantId: 'globex' }]) {
        for (const id of ['nightly', 'other', '%00']) {
          const response = await api.request(path.replace('{scheduleId}', id), { method, as })
          const { requestId: _, ...problem } = await response.json()
          expect(problem).toEqual({
            ...problem,
            status: 404,
            detail: 'There is no such schedule among yours.',
          })
        }
      }
    }
    expect(await api.engine.schedules.list(ada)).toHaveLength(1)
  })

  it('B34: finds in these tests every kind of id that a path can have', () => {
    const names = routes.flatMap(({ path }) => path.match(/\{\w+\}/g) ?? [])
    expect([...new Set(names)].sort()).toEqual(
      // The last two are names inside of a job that is the caller's own.
      ['{jobId}', '{queue}', '{scheduleId}', '{name}', '{stream}'].sort(),
    )
  })

  it('B29: is refused when another site uses their cookies', async () => {
    const api = await testApi([noop])
    const cross = (origin: string, site: string): Promise<Response> =>
      api.post(
        '/jobs',
        { type: 'noop' },
        { headers: { cookie: 'session=1', origin, 'sec-fetch-site': site } },
      )
    expect((await cross('https://evil.example', 'cross-site')).status).toBe(403)
    expect((await cross('null', 'cross-site')).status).toBe(403)
    expect((await cross('http://localhost', 'same-origin')).status).toBe(201)
    // Behind a proxy that asks by another name than the one which the browser knows.
    expect((await cross('https://app.example', 'same-origin')).status).toBe(201)
    expect((await cross('https://app.example', 'same-site')).status).toBe(403)
    const trusted = await cross('https://trusted.example', 'cross-site')
    expect(trusted.status).toBe(201)
    expect(trusted.headers.get('access-control-allow-origin')).toBe('https://trusted.example')
  })
})

/** Header values are bytes; what a client sends as UTF-8 arrives as Latin-1. */
function encodeHeader(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}
