import { describe, expect, it, onTestFinished } from 'vitest'
import { ada, testDatabase } from '../../test/database.js'
import { silent, testJob } from '../../test/engine.js'
import { asHeader } from '../../test/http.js'
import { tablesWith } from '../../test/tables-with.js'
import type { Logger, Principal } from '../core/index.js'
import { createLonghaul } from './index.js'

const secret = 'sk-live-0123456789'
const base64 = Buffer.alloc(32, 7).toString('base64')

const call = testJob(
  'call',
  async ({ secrets, input }) => {
    const key = await secrets.get('openai')
    if (input === 'fail') throw new Error(`401: ${key} is no key of ours`)
    return key?.length
  },
  { retry: { attempts: 1 } },
)

function optionsOf(secretKeys: Parameters<typeof createLonghaul>[0]['secretKeys']) {
  return { jobs: [call], authenticate: () => ada, ...(secretKeys && { secretKeys }) }
}

describe('over HTTP', () => {
  it('G-36: no answer, frame, log line or row shows a secret, however the request goes', async () => {
    const db = await testDatabase()
    const lines: string[] = []
    const write = (details: object, message: string): void =>
      void lines.push(
        `${JSON.stringify(details)} ${String((details as { error?: unknown }).error)} ${message}`,
      )
    const logger: Logger = { debug: write, info: write, warn: write, error: write }
    const longhaul = createLonghaul({
      ...optionsOf([{ id: 'k1', key: base64 }]),
      authenticate: ({ headers }) => JSON.parse(headers.get('x-principal')!) as Principal,
      database: db.connection,
      logger,
    })
    onTestFinished(() => longhaul.stop({ graceMs: 0 }))
    const said: string[] = []
    async function ask(path: string, body?: unknown, method = 'POST'): Promise<[number, never]> {
      const response = await longhaul.fetch(
        new Request(`http://localhost/api/longhaul${path}`, {
          method,
          headers: { ...asHeader(ada), 'content-type': 'application/json' },
          ...(method === 'GET'
            ? {}
            : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        }),
      )
      const text = await response.text()
      said.push(text, JSON.stringify([...response.headers]))
      return [response.status, JSON.parse(text) as never]
    }
    const secrets = { openai: secret }
    const request = { type: 'call', input: 'fail', secrets }
    const [created, job] = (await ask('/jobs', request)) as [number, { id: string }]
    expect(created).toBe(201)
    const refusals = await Promise.all([
      ask('/jobs', { ...request, secrets: { openai: secret, 'sk-live-0123456789!': 'x' } }),
      ask('/jobs', { ...request, secrets: { openai: [secret] } }),
      ask('/jobs', { ...request, secrets: secret }),
      ask('/jobs', { ...request, type: 'unknown' }),
      ask('/jobs', `{"type":"call","secrets":{"openai":"${secret}"`),
      ask('/jobs/batch', { jobs: [{ ...request, id: 'none' }] }),
    ])
    expect(refusals.map(([status]) => status)).toEqual([422, 422, 422, 422, 400, 422])
    await longhaul.work()
    for (;;) {
      const [, { jobs }] = (await ask('/watch', {
        watches: [{ job: job.id }],
      })) as [number, { jobs: { status: string }[] }]
      if (jobs[0]?.status === 'failed') break
    }
    const include = '?include=steps,attempts,cancellations'
    await ask(`/jobs/${job.id}${include}`, undefined, 'GET')
    await ask('/jobs?counts=true', undefined, 'GET')
    expect(await ask(`/jobs/${job.id}/retry`, {})).toMatchObject([422, { code: 'secret_required' }])
    expect((await ask(`/jobs/${job.id}/retry`, { secrets }))[0]).toBe(200)

    expect(said.join('\n')).toContain('401: [secret] is no key of ours')
    expect([...said, ...lines].filter((text) => text.includes(secret))).toEqual([])
    expect(await tablesWith(db, secret)).toEqual([])
  })
})

describe('the option secretKeys', () => {
  it('takes 32 bytes as they are, in base64 and in hex', () => {
    const bytes = Buffer.alloc(32, 7)
    for (const key of [bytes, base64, bytes.toString('hex'), bytes.toString('base64url')])
      expect(() =>
        createLonghaul({ ...optionsOf([{ id: 'k1', key }]), logger: silent }),
      ).not.toThrow()
  })

  it.each([
    ['a short key', [{ id: 'k1', key: 'c2VjcmV0LWtleQ==' }]],
    ['no key', [{ id: 'k1', key: '' }]],
    ['a bad id', [{ id: 'K 1', key: base64 }]],
    [
      'two of the same id',
      [
        { id: 'k1', key: base64 },
        { id: 'k1', key: Buffer.alloc(32, 8) },
      ],
    ],
  ])('refuses %s, and does not repeat it', (_, secretKeys) => {
    expect(() => createLonghaul(optionsOf(secretKeys))).toThrowError(
      expect.objectContaining({
        code: 'invalid_configuration',
        message: expect.not.stringContaining('c2VjcmV0'),
      }),
    )
  })
})
