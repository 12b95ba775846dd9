import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ada, acmeAdmin } from '../../test/database.js'
import { testEngine, testJob } from '../../test/engine.js'
import { apiOf, type TestApi } from '../../test/http.js'
import { createVault } from '../engine/secrets/vault.js'

interface Asked {
  readonly path: string
  readonly method?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** A request with a text of anybody's in one of the places where a caller can put one. */
type Place = (text: string, jobId: string) => Asked

/** Half of a surrogate pair has no bytes in UTF-8. */
const wellFormed = (text: string): string => text.replaceAll(/\p{Surrogate}/gu, '\uFFFD')
const encoded = (text: string): string => encodeURIComponent(wellFormed(text))

const query =
  (path: string, name: string): Place =>
  (text) => ({ path: `${path}?${name}=${encoded(text)}` })

const inPath =
  (before: string, after = '', method = 'GET'): Place =>
  (text, id) => ({
    path: `${before.replace('{jobId}', id)}${encoded(text)}${after}`,
    method,
  })

const body =
  (method: string, path: string, make: (text: string, id: string) => unknown): Place =>
  (text, id) => ({ path: path.replace('{jobId}', id), method, body: make(text, id) })

const header =
  (name: string, path: string, method = 'GET'): Place =>
  (text, id) => ({
    path: path.replace('{jobId}', id),
    method,
    headers: { [name]: asHeaderValue(text) },
  })

/** A position that the server never gave, with the check that anybody can make. */
const madeUpCursor: Place = (text) => {
  const position = `${text} 0190a1b2-0000-7000-8000-00000000ffff`
  const check = createHash('sha256').update(`GET /jobs acme ${position}`).digest('base64url')
  const cursor = Buffer.from(`${check.slice(0, 12)} ${position}`).toString('base64url')
  return { path: `/jobs?cursor=${cursor}` }
}

const field = (name: string, of = (text: string): unknown => text): Place =>
  body('POST', '/jobs', (text) => ({ type: 'noop', [name]: of(text) }))

const filter = (name: string, of = (text: string): unknown => text): readonly Place[] => [
  body('POST', '/jobs/cancel', (text) => ({ filter: { [name]: of(text) } })),
  body('POST', '/jobs/retry', (text) => ({ filter: { [name]: of(text) } })),
  body('POST', '/watch', (text) => ({ watches: [{ key: 'w', jobs: { [name]: of(text) } }] })),
]

const watched = (name: string, of: (text: string) => unknown): Place =>
  body('POST', '/watch', (text, job) => ({ watches: [{ job }], [name]: of(text) }))

const schedule = (part: (text: string) => object): Place =>
  body('PUT', '/schedules/nightly', (text) => ({ type: 'noop', cron: '@yearly', ...part(text) }))

const list = (text: string): string[] => [text]

const places: readonly Place[] = [
  ...['status', 'type', 'queue', 'tags', 'input', 'parent', 'scope', 'sort', 'limit'].map((name) =>
    query('/jobs', name),
  ),
  ...['cursor', 'counts'].map((name) => query('/jobs', name)),
  (text) => ({
    path: `/jobs?input=${encoded(JSON.stringify({ place: text }))}`,
  }),
  (text) => ({
    path: `/jobs?input=${encoded(JSON.stringify({ [text]: 1 }))}`,
  }),
  (text) => ({ path: `/jobs?${encoded(text)}=1` }),
  madeUpCursor,
  query('/jobs/durations', 'type'),
  query('/watch', 'job'),
  inPath('/jobs/'),
  inPath('/jobs/', '', 'DELETE'),
  inPath('/jobs/', '/cancel', 'POST'),
  inPath('/jobs/', '/retry', 'POST'),
  inPath('/jobs/{jobId}?include='),
  inPath('/jobs/{jobId}/signals/', '', 'POST'),
  inPath('/jobs/{jobId}/streams/'),
  inPath('/jobs/{jobId}/streams/output?from='),
  inPath('/jobs/{jobId}/streams/output?wait='),
  inPath('/schedules/'),
  inPath('/schedules/', '', 'DELETE'),
  inPath('/queues/', '/pause', 'POST'),
  inPath('/queues/', '/resume', 'POST'),
  header('last-event-id', '/jobs/{jobId}/streams/output'),
  header('if-none-match', '/jobs/{jobId}'),
  header('prefer', '/jobs/{jobId}/streams/output'),
  header('idempotency-key', '/jobs/{jobId}/signals/go', 'POST'),
  header('idempotency-key', '/jobs', 'POST'),
  ...['type', 'id', 'runAt', 'delay', 'singleton', 'debounce', 'deadline', 'startWithin'].map(
    (name) => field(name),
  ),
  field('input'),
  field('input', (text) => ({ place: text, [text]: [text] })),
  field('tags', list),
  field('metadata', (text) => ({ [text]: text })),
  field('secrets', (text) => ({ [text]: text })),
  field('secrets', (text) => ({ key: text })),
  field('items', (text) => [{ type: 'noop', input: text, tags: [text], runAt: text }]),
  field('items', (text) => [{ type: text }]),
  body('POST', '/jobs/batch', (text) => ({ jobs: [{ type: 'noop', input: { place: text } }] })),
  body('POST', '/jobs/{jobId}/cancel', (reason) => ({ reason })),
  body('POST', '/jobs/{jobId}/cancel', (text) => ({ metadata: { [text]: text } })),
  body('POST', '/jobs/{jobId}/retry', (text) => ({ secrets: { [text]: text } })),
  body('POST', '/jobs/{jobId}/signals/go', (text) => text),
  body('POST', '/jobs/{jobId}/reports', (stage) => ({ status: 'running', stage })),
  body('POST', '/jobs/{jobId}/reports', (result) => ({ status: 'completed', result })),
  body('POST', '/jobs/{jobId}/reports', (text) => ({
    status: 'failed',
    error: { code: text, message: text },
  })),
  body('POST', '/jobs/cancel', (reason) => ({ filter: { status: ['failed'] }, reason })),
  ...['status', 'type', 'queue', 'tags'].flatMap((name) => filter(name, list)),
  ...['parent', 'scope'].flatMap((name) => filter(name)),
  ...filter('input', (text) => ({ place: text })),
  ...filter('input', (text) => ({ [text]: text })),
  watched('known', (text) => ({ [text]: text })),
  watched('epoch', (text) => text),
  body('POST', '/watch', (job) => ({ watches: [{ job }] })),
  body('POST', '/watch', (text, job) => ({ watches: [{ job, stream: text }] })),
  body('POST', '/watch', (from, job) => ({ watches: [{ job, stream: 'output', from }] })),
  body('POST', '/watch', (text) => ({ watches: [{ key: text, tag: text, jobs: {} }] })),
  ...['type', 'cron', 'timeZone', 'missed', 'input'].map((name) =>
    schedule((text) => ({ [name]: text })),
  ),
  schedule((text) => ({ tags: [text] })),
]

const hostile: readonly string[] = [
  '',
  "'",
  "' or 1=1 --",
  "'; drop table longhaul.jobs; --",
  '"; select pg_sleep(10); --',
  '\\',
  '$1',
  '$$',
  "E'\\000'",
  '{a,b}',
  '{"a":1}',
  '["',
  ',',
  '%',
  '%00',
  '\0',
  'a\0',
  '\uD800',
  '\r\nx-injected: 1',
  '\u2028',
  '__proto__',
  'constructor',
  'longhaul.jobs',
  'null',
  'NaN',
  'Infinity',
  '-infinity',
  '1e400',
  '9007199254740993',
  '2147483648',
  '-1',
  '1@0000-01-01T00:00:00.000Z',
  '1@-000001-01-01T00:00:00.000Z',
  '1@9999-12-31T24:00:00.000Z',
  '0000-01-01T00:00:00.000Z',
  '0001-01-01T00:00:00+14:00',
  '2026-02-30T00:00:00.000Z',
  '+275760-09-13T00:00:00.000Z',
  '2026',
  '00000000-0000-0000-0000-000000000000',
  '158112000000ms',
  '1830d',
  '../../etc/passwd',
  '<script>alert(1)</script>',
  '\u202Egnp.exe',
  'x'.repeat(300),
  'x'.repeat(20_000),
]

/** What HTTP can carry in a header. */
function asHeaderValue(text: string): string {
  return encodeURI(wellFormed(text)).replaceAll('%25', '%')
}

async function api(): Promise<TestApi> {
  const noop = testJob('noop', () => null, { filterBy: ['place'] })
  const vault = createVault([{ id: 'k1', key: Buffer.alloc(32, 7) }])
  return apiOf(await testEngine([noop], { vault }))
}

async function expectPlanned(on: TestApi, asked: Asked): Promise<void> {
  const { path, method = 'GET', body: value, headers } = asked
  const response = await on.request(path, {
    method,
    as: path.startsWith('/queues') ? acmeAdmin : ada,
    headers: {
      accept: 'application/json',
      ...(value === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(value === undefined ? {} : { body: JSON.stringify(value) }),
  })
  const text = await response.text()
  expect(response.status, `${JSON.stringify(asked)} got ${text}`).toBeLessThan(500)
  if (response.status < 400) return
  expect(text.length).toBeLessThan(8192)
  expect(text).not.toMatch(/violates|constraint|SQLSTATE|\bat \S+\.ts/)
  expect(response.headers.get('x-injected')).toBeNull()
}

it('B45, G-66: text that is SQL, a time, a number or nothing that Postgres knows is a value or refused, wherever it stands', async () => {
  const on = await api()
  const id = await on.engine.enqueue('noop')
  for (const place of places) {
    await Promise.all(hostile.map((text) => expectPlanned(on, place(text, id))))
  }
  expect((await on.engine.job(id)).type).toBe('noop')
}, 120_000)

it('B45, G-66: no text of any kind makes a statement fail, wherever it stands', async () => {
  const on = await api()
  const id = await on.engine.enqueue('noop')
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom(...Array.from('\'"\\$%;-{}[](),:@.+TZ0129ez \0\n')) }),
    fc.tuple(fc.constantFrom(...hostile), fc.string()).map((parts) => parts.join('')),
  )
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...places), text, (place, value) =>
      expectPlanned(on, place(value, id)),
    ),
    { numRuns: 500 },
  )
}, 120_000)
