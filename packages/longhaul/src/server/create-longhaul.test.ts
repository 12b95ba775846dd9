import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Hono } from 'hono'
import { describe, expect, expectTypeOf, it, onTestFinished, vi } from 'vitest'
import { z } from 'zod'
import { ada, testDatabase, urlOf } from '../../test/database.js'
import { silent, testJob, untilAborted } from '../../test/engine.js'
import { asHeader, nextEvent, readEvents } from '../../test/http.js'
import { defineJob, type Job, type Principal } from '../core/index.js'
import { createLonghaul, type Longhaul, type LonghaulOptions, toNodeListener } from './index.js'
import { parseSettings } from './options.js'
import { version } from './version.js'

const double = defineJob('double', {
  input: z.object({ n: z.number() }),
  result: z.number(),
  run: ({ input }) => input.n * 2,
})

const limited = testJob('limited', () => null, { queue: 'double', concurrency: { perQueue: 1 } })

function authenticate(request: Request): Principal | null {
  const header = request.headers.get('x-principal')
  return header === null ? null : (JSON.parse(header) as Principal)
}

async function app(
  options: Partial<LonghaulOptions<[typeof double]>> = {},
): Promise<Longhaul<[typeof double]>> {
  const { connection } = await testDatabase()
  const longhaul = createLonghaul({
    jobs: [double],
    authenticate,
    database: connection,
    logger: silent,
    ...options,
  })
  onTestFinished(() => longhaul.stop({ graceMs: 0 }))
  return longhaul
}

async function until(
  longhaul: Longhaul<[typeof double]>,
  id: string,
  status: Job['status'],
): Promise<Job> {
  for (;;) {
    const job = await longhaul.jobs.get(ada, id)
    if (job.status === status) return job
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

describe('createLonghaul', () => {
  it('puts it all together: enqueue, work, look', async () => {
    const longhaul = await app()
    await longhaul.work({ concurrency: 5 })
    const { id } = await longhaul.jobs.enqueue('double', { n: 4 }, { principal: ada })
    expect(await until(longhaul, id, 'completed')).toMatchObject({ result: 8 })
    expect(await longhaul.health()).toMatchObject({ status: 'ok', running: 0 })
  })

  it('knows what each job type takes', async () => {
    const longhaul = await app()
    type Enqueue = (typeof longhaul.jobs)['enqueue']
    expectTypeOf<Parameters<Enqueue>[0]>().toEqualTypeOf<'double'>()
    expectTypeOf<Parameters<Enqueue>[1]>().toEqualTypeOf<{ n: number }>()
    const enqueue = longhaul.jobs.enqueue as (...args: unknown[]) => Promise<Job>
    await expect(enqueue('triple', { n: 1 }, { principal: ada })).rejects.toMatchObject({
      code: 'unknown_job_type',
    })
  })

  it.each<[string, Partial<LonghaulOptions<[typeof double]>>]>([
    ['basePath', { basePath: 'api/' }],
    ['trustedOrigins', { trustedOrigins: ['app.example'] }],
    ['maxConnections', { maxConnections: 1 }],
    ['pollInterval', { pollInterval: '1ms' }],
    ['authenticate', { authenticate: undefined }],
    ['double', { jobs: [double, double] as never }],
    ['its limits', { jobs: [double, limited] as never }],
  ])('names the option %s when it is wrong', async (name, options) => {
    await expect(app(options)).rejects.toMatchObject({
      code: 'invalid_configuration',
      message: expect.stringContaining(name),
    })
  })

  it('F9, G-25: says in one sentence that the database cannot be reached, and answers 503 until it can', async () => {
    const longhaul = await app({ database: 'postgres://nobody:hunter2@127.0.0.1:1/none' })
    const error: unknown = await longhaul.start().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'database_unavailable',
      message: expect.stringContaining('127.0.0.1:1/none'),
    })
    expect(String(error)).not.toContain('hunter2')
    const response = await longhaul.fetch(
      new Request('http://localhost/api/longhaul/jobs', { headers: asHeader(ada) }),
    )
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('1')
    expect(await response.json()).toMatchObject({ code: 'database_unavailable', retryable: true })
    expect(await longhaul.health()).toMatchObject({ status: 'unavailable' })
  })

  it('refuses to do anything once it was stopped', async () => {
    const longhaul = await app()
    await longhaul.start()
    await longhaul.stop()
    await expect(
      longhaul.jobs.enqueue('double', { n: 1 }, { principal: ada }),
    ).rejects.toMatchObject({ code: 'closed' })
    await longhaul.stop()
  })

  it('G-07: leaves no worker behind that was being started when it was stopped', async () => {
    const { connection, query } = await testDatabase()
    const longhaul = await app({ database: connection })
    await longhaul.start()
    const working = longhaul.work()
    await new Promise(setImmediate)
    await Promise.all([
      expect(working).rejects.toMatchObject({ code: 'closed' }),
      longhaul.stop({ graceMs: 0 }),
    ])
    expect(await query('select from longhaul.workers')).toEqual([])
  })

  it('runs only the types that a worker was asked for', async () => {
    const longhaul = await app()
    await expect(longhaul.work({ types: ['triple'] })).rejects.toMatchObject({
      code: 'invalid_configuration',
    })
  })

  it('says its version', async () => {
    const manifest = await readFile(new URL('../../package.json', import.meta.url), 'utf8')
    expect(version).toBe(JSON.parse(manifest).version)
  })
})

describe('mounting', () => {
  it('works in Hono, below a path and by a route', async () => {
    const longhaul = await app()
    const mounted = new Hono().mount('/api/longhaul', longhaul.fetch)
    const routed = new Hono().all('/api/longhaul/*', (context) => longhaul.fetch(context.req.raw))
    for (const hono of [mounted, routed]) {
      const response = await hono.request('/api/longhaul/jobs', {
        method: 'POST',
        body: JSON.stringify({ type: 'double', input: { n: 1 } }),
        headers: { 'content-type': 'application/json', ...asHeader(ada) },
      })
      expect(response.status).toBe(201)
    }
  })

  it('works as the handlers of a Next.js route', async () => {
    const longhaul = await app()
    const { GET, POST } = longhaul.handlers
    const url = 'https://app.example/api/longhaul/jobs'
    const headers = { 'content-type': 'application/json', ...asHeader(ada) }
    const created = await POST(
      new Request(url, { method: 'POST', body: '{"type":"double","input":{"n":1}}', headers }),
    )
    expect(created.status).toBe(201)
    const listed = await GET(new Request(url, { headers }))
    expect((await listed.json()).jobs).toHaveLength(1)
  })

  it('works in node:http, streams as things happen, and lets go of a reader that leaves', async () => {
    const longhaul = await app()
    await longhaul.work()
    const server = createServer(toNodeListener(longhaul.fetch))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/longhaul`
    const headers = { 'content-type': 'application/json', ...asHeader(ada) }
    const controller = new AbortController()
    const stream = await fetch(`${base}/watch`, {
      method: 'POST',
      body: JSON.stringify({ watches: [{ key: 'w', jobs: {} }] }),
      headers: { ...headers, accept: 'text/event-stream' },
      signal: controller.signal,
    })
    const events = readEvents(stream)
    await nextEvent(events, ({ event }) => event === 'window')
    await fetch(`${base}/jobs`, {
      method: 'POST',
      body: '{"type":"double","input":{"n":3}}',
      headers,
    })
    const done = await nextEvent(events, ({ data }) => data.status === 'completed')
    expect(done.data).toMatchObject({ result: 6 })
    controller.abort()
    for (;;) {
      const { watched } = await longhaul.health()
      if (watched === 0) break
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  })

  it('says goodbye to readers and hands jobs back when it is stopped', async () => {
    const gate: { started?: () => void } = {}
    const started = new Promise<void>((resolve) => (gate.started = resolve))
    const { connection, query } = await testDatabase()
    const longhaul = createLonghaul({
      jobs: [
        testJob('long', ({ signal }) => {
          gate.started?.()
          return untilAborted(signal)
        }),
      ],
      authenticate,
      database: connection,
      logger: silent,
    })
    await longhaul.work()
    await longhaul.jobs.enqueue('long', {}, { principal: ada })
    await started
    const stream = await longhaul.fetch(
      new Request('http://localhost/api/longhaul/watch', {
        method: 'POST',
        body: '{"watches":[]}',
        headers: {
          'content-type': 'application/json',
          accept: 'text/event-stream',
          ...asHeader(ada),
        },
      }),
    )
    const events = readEvents(stream)
    await nextEvent(events, ({ event }) => event === 'hello')
    await longhaul.stop({ graceMs: 10 })
    expect((await nextEvent(events, ({ event }) => event === 'bye')).data).toEqual({
      reason: 'shutdown',
    })
    expect(await query('select status, attempt from longhaul.jobs')).toEqual([
      { status: 'queued', attempt: 0 },
    ])
    expect(await query('select from longhaul.workers')).toEqual([])
  })
})

describe('the option database', () => {
  it('is named by its place, and without its password, when nothing answers there', async () => {
    const connectionString = 'postgres://app:hunter2@127.0.0.1:1/orders'
    for (const database of [connectionString, { connectionString }]) {
      const longhaul = await app({ database })
      const refusal = await longhaul.start().catch((error: Error) => error.message)
      expect(refusal).toContain('at 127.0.0.1:1/orders')
      expect(refusal).not.toContain('hunter2')
    }
  })

  const databaseUrl = (url: string): void => {
    vi.stubEnv('DATABASE_URL', url)
    onTestFinished(() => void vi.unstubAllEnvs())
  }

  it.each([
    ['left out', {}],
    ['empty', { database: '' }],
  ])('is DATABASE_URL where it is %s', async (_, options) => {
    const { connection } = await testDatabase()
    databaseUrl(urlOf(connection))
    const longhaul = createLonghaul({ jobs: [double], authenticate, logger: silent, ...options })
    onTestFinished(() => longhaul.stop({ graceMs: 0 }))
    expect((await longhaul.start()).connection).toBe(urlOf(connection))
  })

  it('goes before DATABASE_URL, and so does a directory for the embedded one', () => {
    const url = 'postgres://app@db/app'
    const options = { jobs: [double], authenticate }
    databaseUrl('postgres://other@db/other')
    expect(parseSettings({ ...options, database: url }).database).toBe(url)
    expect(parseSettings({ ...options, dataDirectory: '.data' }).database).toBeUndefined()
  })

  it('is an embedded Postgres where DATABASE_URL is empty too', () => {
    databaseUrl('')
    expect(parseSettings({ jobs: [double], authenticate }).database).toBeUndefined()
  })

  it.each(['file:./hunter2.db', 'mysql://app:hunter2@db/app', 'prisma+postgres://db/?key=hunter2'])(
    'refuses a DATABASE_URL of another database, and does not repeat it: %s',
    (url) => {
      databaseUrl(url)
      expect(() => createLonghaul({ jobs: [double], authenticate })).toThrowError(
        expect.objectContaining({
          code: 'invalid_configuration',
          message: expect.not.stringContaining('hunter2'),
        }),
      )
    },
  )
})
