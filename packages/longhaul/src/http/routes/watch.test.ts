import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it, onTestFinished } from 'vitest'
import { acmeAdmin, ada, bob, grace } from '../../../test/database.js'
import { deferred, testEngine, testJob } from '../../../test/engine.js'
import {
  apiOf,
  asHeader,
  nextEvent,
  readEvents,
  type SseEvent,
  type TestApi,
  testApi,
} from '../../../test/http.js'
import type { Principal } from '../../core/index.js'
import type { Database } from '../../postgres/index.js'
import type { WatchRequest } from '../../protocol/index.js'

const noop = testJob('noop', () => null)
const unknown = '0190a1b2-0000-7000-8000-00000000ffff'
const sse = { accept: 'text/event-stream' }

interface Stream {
  readonly events: AsyncGenerator<SseEvent>
  readonly headers: Headers
  next(event: string): Promise<SseEvent['data']>
  close(): void
}

async function follow(api: TestApi, watch: WatchRequest, as: Principal = ada): Promise<Stream> {
  const controller = new AbortController()
  const response = await api.post('/watch', watch, { headers: sse, as, signal: controller.signal })
  expect(response.status).toBe(200)
  const events = readEvents(response)
  return {
    events,
    headers: response.headers,
    next: async (event) => (await nextEvent(events, (each) => each.event === event)).data,
    close: () => controller.abort(),
  }
}

describe('a watched job', () => {
  it('is sent whole once, then its changes until it has settled', async () => {
    const gate = deferred()
    const api = await testApi([
      testJob('staged', async ({ progress }) => {
        progress(40, 'Planning')
        await gate.promise
        return { days: 4 }
      }),
    ])
    const id = await api.engine.enqueue('staged', { to: 'Lisbon' })
    const stream = await follow(api, { watches: [{ job: id }] })
    expect(await stream.next('hello')).toMatchObject({
      epoch: expect.any(String),
      heartbeatMs: 15_000,
      pollMs: 3000,
    })
    const job = await stream.next('job')
    expect(job).toMatchObject({ id, status: 'queued', input: { to: 'Lisbon' } })
    expect(job).not.toHaveProperty('tenantId')
    expect(job).not.toHaveProperty('epoch')
    await api.engine.startWorker()
    const staged = (await nextEvent(stream.events, ({ data }) => data.progress === 40)).data
    expect(staged).toMatchObject({
      id,
      status: 'running',
      stage: 'Planning',
      createdAt: job.createdAt,
    })
    expect(staged).not.toHaveProperty('input')
    gate.resolve()
    const done = (await nextEvent(stream.events, ({ data }) => data.status === 'completed')).data
    expect(done).toMatchObject({ id, result: { days: 4 }, progress: 100 })
    expect(done.version).toBe((await api.engine.job(id)).version)
    stream.close()
  })

  it('has versions that only grow, however fast it changes', async () => {
    const api = await testApi([
      testJob('busy', async ({ progress, step }) => {
        for (let n = 1; n <= 30; n += 1) {
          progress(n * 3)
          await step(`s${n}`, () => n)
        }
      }),
    ])
    const id = await api.engine.enqueue('busy')
    const stream = await follow(api, { watches: [{ job: id }] })
    await api.engine.startWorker()
    const versions: number[] = []
    for await (const { data } of stream.events) {
      if (data.version !== undefined) versions.push(data.version)
      if (data.status === 'completed') break
    }
    expect(versions).toEqual([...versions].sort((a, b) => a - b))
    expect(new Set(versions).size).toBe(versions.length)
    expect(versions.at(-1)).toBe((await api.engine.job(id)).version)
  })

  it('is sent only what is newer than the reader knows', async () => {
    const api = await testApi([noop])
    const id = await api.engine.enqueue('noop')
    const first = await follow(api, { watches: [{ job: id }] })
    const { epoch } = await first.next('hello')
    const { version, createdAt } = await first.next('job')
    first.close()
    await api.post(`/jobs/${id}/cancel`)
    const again = await follow(api, {
      watches: [{ job: id }],
      known: { [id]: `${version}@${createdAt}` },
      epoch,
    })
    expect(await again.next('change')).toMatchObject({
      id,
      status: 'cancelled',
      version: version + 1,
    })
    again.close()
  })

  it('that has a known id but was made anew is sent whole', async () => {
    const api = await testApi([noop])
    const id = await api.engine.enqueue('noop')
    const stream = await follow(api, {
      watches: [{ job: id }],
      known: { [id]: '99@2020-01-01T00:00:00.000Z' },
    })
    expect(await stream.next('job')).toMatchObject({ id, version: 1 })
    stream.close()
  })

  it('that is not there, not the reader’s, or no id at all is gone, all in the same way', async () => {
    const api = await testApi([noop])
    const id = await api.engine.enqueue('noop')
    for (const [as, watched] of [
      [ada, unknown],
      [ada, '../../etc/passwd'],
      [bob, id],
      [grace, id],
    ] as const) {
      const stream = await follow(api, { watches: [{ job: watched }] }, as)
      await stream.next('hello')
      const { value } = await stream.events.next()
      expect(value).toEqual({ event: 'gone', data: { id: watched } })
      stream.close()
    }
  })

  it('that is deleted is gone for those who watch it', async () => {
    const api = await testApi([noop])
    const id = await api.engine.enqueue('noop')
    await api.post(`/jobs/${id}/cancel`)
    const stream = await follow(api, { watches: [{ job: id }] })
    await stream.next('job')
    await api.request(`/jobs/${id}`, { method: 'DELETE' })
    expect(await stream.next('gone')).toEqual({ id })
    stream.close()
  })

  it('is found changed when the hint was lost', async () => {
    const api = await testApi([noop])
    const id = await api.engine.enqueue('noop')
    const stream = await follow(api, { watches: [{ job: id }] })
    await stream.next('job')
    await api.engine.db.query(
      `update longhaul.jobs set stage = 'behind your back', version = version + 1`,
    )
    api.engine.hints.send({ everything: true }) // what the regular look does by itself
    expect(await stream.next('change')).toMatchObject({ stage: 'behind your back' })
    stream.close()
  })

  it('is sent anew, after a new greeting, when the epoch has changed', async () => {
    const api = await testApi([noop])
    const id = await api.engine.enqueue('noop')
    const stream = await follow(api, { watches: [{ job: id }, { key: 'w', jobs: {} }] })
    const { epoch } = await stream.next('hello')
    await stream.next('job')
    await api.engine.db.query('truncate longhaul.epochs')
    api.engine.hints.send({ everything: true })
    expect((await stream.next('hello')).epoch).not.toBe(epoch)
    expect(await stream.next('job')).toMatchObject({ id, version: 1 })
    expect(await stream.next('window')).toMatchObject({ ids: [id] })
    stream.close()
  })

  it('brings all of a stream again after a failover, also what was written right after it', async () => {
    const [said, first, second] = [deferred(), deferred(), deferred()]
    const api = await testApi([
      testJob('talk', async ({ stream }) => {
        stream.write('one')
        await stream.flush()
        said.resolve()
        await first.promise
        stream.write('two')
        await second.promise
      }),
    ])
    onTestFinished(() => [first, second].forEach(({ resolve }) => resolve()))
    await api.engine.startWorker()
    const id = await api.engine.enqueue('talk')
    await said.promise
    const stream = await follow(api, { watches: [{ job: id, stream: 'output' }] })
    expect(await stream.next('chunk')).toMatchObject({ values: ['one'] })
    await api.engine.db.query('truncate longhaul.epochs')
    first.resolve()
    await stream.next('hello')
    expect(await stream.next('chunk')).toMatchObject({ restart: true })
    expect(await stream.next('chunk')).toMatchObject({ values: ['one'] })
    expect(await stream.next('chunk')).toMatchObject({ values: ['two'] })
    stream.close()
  })

  it('that is closed twice ends nothing of somebody else', async () => {
    const api = await testApi([noop])
    const id = await api.engine.enqueue('noop')
    const request = {
      watches: [
        { job: id, stream: 'output' },
        { key: 'w', jobs: {} },
      ],
    }
    const first = await api.hub.watch(ada, request)
    await first.ready()
    first.close()
    const second = await api.hub.watch(ada, request)
    await second.ready()
    first.close()
    expect(api.hub.size()).toBe(2)
    second.close()
    expect(api.hub.size()).toBe(0)
  })

  it('with a large result says that it is to be fetched', async () => {
    const api = await testApi([testJob('large', () => 'x'.repeat(40_000))])
    const id = await api.engine.enqueue('large')
    await api.engine.startWorker()
    await api.engine.until(id, 'completed')
    const stream = await follow(api, { watches: [{ job: id }] })
    expect(await stream.next('job')).toMatchObject({
      status: 'completed',
      result: null,
      resultOmitted: true,
    })
    stream.close()
  })
})

describe('a watched window', () => {
  it('shows jobs that enter, change and leave, with counts', async () => {
    const gate = deferred()
    const api = await testApi([testJob('slow', () => gate.promise)])
    const stream = await follow(api, {
      watches: [{ key: 'open', jobs: { status: ['queued', 'running'] } }],
    })
    expect(await stream.next('window')).toMatchObject({ key: 'open', ids: [], hasMore: false })
    const first = await api.engine.enqueue('slow')
    expect((await nextEvent(stream.events, ({ data }) => data.ids?.length === 1)).data.ids).toEqual(
      [first],
    )
    const second = await api.engine.enqueue('slow')
    expect((await nextEvent(stream.events, ({ data }) => data.ids?.length === 2)).data.ids).toEqual(
      [second, first],
    )
    await api.engine.startWorker()
    gate.resolve()
    // Members and counts are read one after the other: what changed in between comes with the next frame.
    const empty = await nextEvent(
      stream.events,
      ({ event, data }) =>
        event === 'window' && data.ids.length === 0 && data.counts.completed === 2,
    )
    expect(empty.data.counts).toMatchObject({ queued: 0, running: 0 })
    stream.close()
  })

  it('sends a job before the window that names it, and the progress of its members', async () => {
    const gate = deferred()
    const api = await testApi([
      testJob('slow', async ({ progress }) => {
        progress(30)
        await gate.promise
      }),
    ])
    const stream = await follow(api, { watches: [{ key: 'mine', jobs: {}, limit: 1 }] })
    await stream.next('window')
    await api.engine.startWorker()
    const id = await api.engine.enqueue('slow')
    const known = new Set<string>()
    for await (const { event, data } of stream.events) {
      if (event === 'job') known.add(data.id)
      if (event === 'window') expect(data.ids.every((each: string) => known.has(each))).toBe(true)
      if ((event === 'change' || event === 'job') && data.progress === 30) break
    }
    expect(known).toEqual(new Set([id]))
    gate.resolve()
    stream.close()
  })

  it('holds only what its reader may see', async () => {
    const api = await testApi([noop, testJob('shared', () => null, { visibility: 'tenant' })])
    const watch = { watches: [{ key: 'all', jobs: { scope: 'visible' as const } }] }
    const streams = await Promise.all(
      [ada, bob, acmeAdmin, grace].map((who) => follow(api, watch, who)),
    )
    for (const stream of streams) await stream.next('window')
    const mine = await api.engine.enqueue('noop')
    const shared = await api.engine.enqueue('shared')
    const seen = await Promise.all(
      streams.slice(0, 3).map(async (stream, n) => {
        const want = n === 1 ? 1 : 2
        return (await nextEvent(stream.events, ({ data }) => data.ids?.length === want)).data.ids
      }),
    )
    expect(seen).toEqual([[shared, mine], [shared], [shared, mine]])
    const answer = await (await api.post('/watch', watch, { as: grace })).json()
    expect(answer.windows[0].ids).toEqual([])
    for (const stream of streams) stream.close()
  })
})

describe('a watch in JSON', () => {
  it('answers with what is newer, and which ids are gone', async () => {
    const api = await testApi([noop])
    const id = await api.engine.enqueue('noop')
    const body = { watches: [{ job: id }, { job: unknown }, { key: 'w', jobs: {} }] }
    const first = await (await api.post('/watch', body)).json()
    expect(first).toMatchObject({
      epoch: expect.any(String),
      pollMs: 3000,
      jobs: [{ id, version: 1, input: {} }],
      changes: [],
      gone: [unknown],
      windows: [{ key: 'w', ids: [id] }],
    })
    const { version, createdAt } = first.jobs[0]
    const known = { [id]: `${version}@${createdAt}`, [unknown]: 'gone' }
    const again = {
      watches: [{ job: id }, { job: unknown }, { key: 'w', jobs: {}, tag: first.windows[0].tag }],
      known,
      epoch: first.epoch,
    }
    expect(await (await api.post('/watch', again)).json()).toMatchObject({
      jobs: [],
      changes: [],
      gone: [],
      windows: [],
    })
    await api.post(`/jobs/${id}/cancel`)
    expect(await (await api.post('/watch', again)).json()).toMatchObject({
      jobs: [],
      changes: [{ id, status: 'cancelled', version: 2 }],
      windows: [{ counts: { cancelled: 1 } }],
    })
    expect(await (await api.post('/watch', { ...again, epoch: 'another' })).json()).toMatchObject({
      jobs: [{ id }],
    })
  })

  it('waits for news when asked to', async () => {
    const api = await testApi([noop])
    const id = await api.engine.enqueue('noop')
    const { jobs, epoch } = await (await api.post('/watch', { watches: [{ job: id }] })).json()
    const known = { [id]: `${jobs[0].version}@${jobs[0].createdAt}` }
    const pending = api.post(
      '/watch',
      { watches: [{ job: id }], known, epoch },
      { headers: { prefer: 'wait=20' } },
    )
    while (api.hub.size() === 0) await new Promise(setImmediate)
    await api.post(`/jobs/${id}/cancel`)
    const response = await pending
    expect(response.headers.get('preference-applied')).toBe('wait=20')
    expect(await response.json()).toMatchObject({ changes: [{ id, status: 'cancelled' }] })
  })

  it('is not held any longer when the server shuts down', async () => {
    const api = await testApi([noop])
    const id = await api.engine.enqueue('noop')
    const { jobs, epoch } = await (await api.post('/watch', { watches: [{ job: id }] })).json()
    const known = { [id]: `${jobs[0].version}@${jobs[0].createdAt}` }
    const watch = { watches: [{ job: id }], known, epoch }
    const askedAt = performance.now()
    const pending = api.post('/watch', watch, { headers: { prefer: 'wait=25' } })
    while (api.hub.size() === 0) await new Promise(setImmediate)
    api.hub.close()
    expect(await (await pending).json()).toMatchObject({ jobs: [], changes: [] })
    expect(performance.now() - askedAt).toBeLessThan(20_000)
  })

  it.each([
    [{}, 'invalid_input'],
    [{ watches: [{ job: 1 }] }, 'invalid_input'],
    [
      {
        watches: [
          { key: 'a', jobs: {} },
          { key: 'a', jobs: {} },
        ],
      },
      'invalid_input',
    ],
    [{ watches: [{ key: 'a', jobs: { status: ['done'] } }] }, 'invalid_input'],
    [{ watches: [{ key: 'a', jobs: {}, limit: 1000 }] }, 'invalid_input'],
    [{ watches: Array.from({ length: 501 }, () => ({ job: unknown })) }, 'invalid_input'],
    [{ watches: [], filter: {} }, 'unknown_field'],
  ])('refuses %#', async (body, code) => {
    const api = await testApi([noop])
    const response = await api.post('/watch', body)
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({ code })
  })
})

describe('a stream', () => {
  it('carries the headers that keep proxies from holding it back', async () => {
    const api = await testApi([noop])
    const stream = await follow(api, { watches: [] })
    expect(Object.fromEntries(stream.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    })
    stream.close()
  })

  it('is to be had by GET, for EventSource and curl', async () => {
    const api = await testApi([noop])
    const id = await api.engine.enqueue('noop')
    const events = readEvents(await api.request(`/watch?job=${id},${unknown}`))
    expect((await events.next()).value).toMatchObject({ event: 'hello' })
    const seen = [(await events.next()).value, (await events.next()).value].map(
      (each) => (each as SseEvent).event,
    )
    expect(seen.sort()).toEqual(['gone', 'job'])
    await events.return(undefined)
  })

  it('costs nothing once its reader has gone', async () => {
    const api = await testApi([noop])
    const id = await api.engine.enqueue('noop')
    const stream = await follow(api, { watches: [{ job: id }, { key: 'w', jobs: {} }] })
    await stream.next('window')
    expect(api.hub.size()).toBe(2)
    stream.close()
    await stream.events.return(undefined).catch(() => undefined)
    expect(api.hub.size()).toBe(0)
  })

  it('costs nothing once its reader has gone, also when its request has been collected', async () => {
    setFlagsFromString('--expose-gc')
    const collectGarbage = runInNewContext('gc') as () => void
    const api = await testApi([noop])
    const stream = await follow(api, { watches: [{ key: 'w', jobs: {} }] })
    await stream.next('window')
    for (let turns = 0; turns < 5; turns += 1) {
      await new Promise(setImmediate)
      collectGarbage()
    }
    stream.close()
    await expect.poll(() => api.hub.size()).toBe(0)
  })

  it('G-21: is let go when its request was given up before it began', async () => {
    const leaving = new AbortController()
    const engine = await testEngine([noop])
    const api = apiOf(
      engine,
      {
        authenticate() {
          leaving.abort()
          return ada
        },
      },
      { connections: { perCaller: 1 } },
    )
    const path = `/watch?job=${await engine.enqueue('noop')}`
    // Neither read nor cancelled: so does Next.js with the answer to a request that has gone.
    await api.request(path, { signal: leaving.signal })
    await expect.poll(() => api.hub.size()).toBe(0)
    const next = await api.request(path)
    expect(next.status).toBe(200)
    await next.body?.cancel()
  })

  it('says goodbye when the server shuts down', async () => {
    const api = await testApi([noop])
    const stream = await follow(api, { watches: [] })
    await stream.next('hello')
    api.hub.close()
    expect(await stream.next('bye')).toEqual({ reason: 'shutdown' })
    expect((await stream.events.next()).done).toBe(true)
  })

  it('is refused by a server that is about to stop, which still answers polls', async () => {
    const api = await testApi([noop])
    const watch = { watches: [{ job: await api.engine.enqueue('noop') }] }
    api.hub.close()
    const late = await api.post('/watch', watch, { headers: sse })
    expect(late.status).toBe(503)
    expect(await late.json()).toMatchObject({ code: 'closed', retryable: true })
    expect(api.hub.size()).toBe(0)
    // At once: there is nothing new in it, and nothing will come.
    const polled = await api.post('/watch', { watches: [] }, { headers: { prefer: 'wait=30' } })
    expect(polled.status).toBe(200)
  })

  it('says goodbye also when the server shuts down while it is being opened', async () => {
    const engine = await testEngine([noop])
    const db: Database = {
      run(query) {
        api.hub.close()
        return engine.db.run(query)
      },
    }
    const api = apiOf(engine, {}, { db })
    const stream = await follow(api, { watches: [{ job: unknown }] })
    expect(await stream.next('bye')).toEqual({ reason: 'shutdown' })
    expect((await stream.events.next()).done).toBe(true)
    expect(api.hub.size()).toBe(0)
  })

  it('G-53: is refused to a caller who has as many as may be, who can poll, and come again when one has gone', async () => {
    const engine = await testEngine([noop])
    const api = apiOf(engine, {}, { connections: { perCaller: 1 } })
    const watch = { watches: [{ job: await engine.enqueue('noop') }] }
    const stream = await follow(api, watch)
    await stream.next('job')
    const refused = await api.post('/watch', watch, { headers: sse })
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe('60')
    expect(await refused.json()).toMatchObject({ code: 'too_many_connections', retryable: true })
    const others = await follow(api, { watches: [] }, bob)
    // Nothing is new to it, and it is answered all the same.
    const polled = await api.post('/watch', { watches: [] }, { headers: { prefer: 'wait=30' } })
    expect(polled.status).toBe(200)

    stream.close()
    await stream.events.return(undefined).catch(() => undefined)
    const again = await follow(api, watch)
    await again.next('job')
    again.close()
    others.close()
  })

  it('reads a job once for all who watch it', async () => {
    const api = await testApi([noop])
    const id = await api.engine.enqueue('noop')
    const streams = await Promise.all(
      Array.from({ length: 20 }, () => follow(api, { watches: [{ job: id }] })),
    )
    for (const stream of streams) await stream.next('job')
    let reads = 0
    const run = api.engine.db.run
    Object.assign(api.engine.db, {
      run: (query: { text: string }) => {
        if (query.text.includes('wanted(tenant_id, id)')) reads += 1
        return run(query as never)
      },
    })
    await api.post(`/jobs/${id}/cancel`)
    for (const stream of streams) await stream.next('change')
    expect(reads).toBeLessThanOrEqual(2) // our own hint, and perhaps the regular look
    for (const stream of streams) stream.close()
  })
})

it('B27: asks who is watching again, and ends the stream of one who has signed out', async () => {
  let signedIn = true
  const api = await testApi([noop], {
    revalidateMs: 30,
    authenticate: (request) => (signedIn && request.headers.has('x-principal') ? ada : null),
  })
  const response = await api.post(
    '/watch',
    { watches: [] },
    { headers: { ...sse, ...asHeader(ada) } },
  )
  const events = readEvents(response)
  await events.next()
  signedIn = false
  expect((await nextEvent(events, ({ event }) => event === 'error')).data).toMatchObject({
    code: 'unauthenticated',
  })
  expect((await events.next()).done).toBe(true)
})
