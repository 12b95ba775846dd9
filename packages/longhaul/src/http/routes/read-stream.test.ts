import { describe, expect, it } from 'vitest'
import { ada, bob, grace } from '../../../test/database.js'
import { deferred, testJob } from '../../../test/engine.js'
import { nextEvent, readEvents, type SseEvent, type TestApi, testApi } from '../../../test/http.js'
import { type Principal, uuidV7 } from '../../core/index.js'

/** A job type that writes what it is given, and ends when told to. */
function talker() {
  const [gate, written] = [deferred(), deferred()]
  const words: string[][] = []
  let write: (word: string) => void = () => undefined
  const job = testJob('talk', async ({ stream }) => {
    write = (word) => stream.write(word)
    for (const word of words.flat()) stream.write(word)
    await stream.flush()
    written.resolve()
    await gate.promise
  })
  const said = written.promise
  return { job, say: (word: string) => write(word), words, said, end: gate.resolve }
}

interface Follower {
  next(event: string): Promise<SseEvent['data']>
  close(): void
}

async function follow(
  api: TestApi,
  path: string,
  headers: Record<string, string> = {},
  as: Principal = ada,
): Promise<Follower> {
  const controller = new AbortController()
  const response = await api.request(path, {
    as,
    headers: { accept: 'text/event-stream', ...headers },
    signal: controller.signal,
  })
  expect(response.status).toBe(200)
  const events = readEvents(response)
  return {
    next: async (event) => (await nextEvent(events, (each) => each.event === event)).data,
    close: () => controller.abort(),
  }
}

describe('a followed stream', () => {
  it('brings what was written, what is being written, and its end', async () => {
    const { job, say, words, said, end } = talker()
    words.push(['one', 'two'])
    const api = await testApi([job])
    await api.engine.startWorker()
    const id = await api.engine.enqueue('talk')
    await said
    const stream = await follow(api, `/jobs/${id}/streams/output`)
    expect(await stream.next('chunk')).toMatchObject({
      job: id,
      stream: 'output',
      seq: 1,
      step: null,
      values: ['one', 'two'],
    })
    say('three')
    expect(await stream.next('chunk')).toMatchObject({ seq: 2, values: ['three'] })
    end()
    expect(await stream.next('end')).toMatchObject({ seq: 2, status: 'completed' })
    stream.close()
  })

  it('is continued by an EventSource that comes back', async () => {
    const { job, say, words, said } = talker()
    words.push(['one'])
    const api = await testApi([job])
    await api.engine.startWorker()
    const id = await api.engine.enqueue('talk')
    await said
    const first = await follow(api, `/jobs/${id}/streams/output`)
    const { seq, createdAt } = await first.next('chunk')
    first.close()
    say('two')
    const second = await follow(api, `/jobs/${id}/streams/output`, {
      'last-event-id': `${seq}@${createdAt}`,
    })
    expect(await second.next('chunk')).toMatchObject({ seq: 2, values: ['two'] })
    second.close()
  })

  it('B32, F35: tells who has something of another job to begin again', async () => {
    const { job, words, said } = talker()
    words.push(['one'])
    const api = await testApi([job])
    await api.engine.startWorker()
    const id = await api.engine.enqueue('talk')
    await said
    const stream = await follow(api, `/jobs/${id}/streams/output?from=1@2020-01-01T00:00:00.000Z`)
    expect(await stream.next('chunk')).toMatchObject({ seq: 0, restart: true })
    expect(await stream.next('chunk')).toMatchObject({ seq: 1, values: ['one'] })
    stream.close()
  })

  it('is read in pages by whoever comes late to a long one', async () => {
    const api = await testApi([
      testJob('long', async ({ stream }) => {
        for (let n = 0; n < 40; n += 1) {
          stream.write(`${n} ${'x'.repeat(40_000)}`)
          await stream.flush()
        }
      }),
    ])
    await api.engine.startWorker()
    const id = await api.engine.enqueue('long')
    await api.engine.until(id, 'completed')
    const stream = await follow(api, `/jobs/${id}/streams/output`)
    const seen: number[] = []
    while (seen.length < 40) {
      const { values } = await stream.next('chunk')
      seen.push(...(values as string[]).map((value) => Number.parseInt(value, 10)))
    }
    expect(seen).toEqual(Array.from({ length: 40 }, (_, n) => n))
    expect(await stream.next('end')).toMatchObject({ status: 'completed' })
    stream.close()
  })

  it('is followed beside jobs on one connection', async () => {
    const { job, words, end } = talker()
    words.push(['one'])
    const api = await testApi([job])
    const id = await api.engine.enqueue('talk')
    const response = await api.post(
      '/watch',
      { watches: [{ job: id }, { job: id, stream: 'output' }] },
      { headers: { accept: 'text/event-stream' } },
    )
    const events = readEvents(response)
    await nextEvent(events, ({ event }) => event === 'job')
    await api.engine.startWorker()
    await nextEvent(events, ({ event }) => event === 'chunk')
    end()
    const last = new Set<string>()
    while (last.size < 2) {
      const { event, data } = (await events.next()).value as SseEvent
      if (data.status === 'completed') last.add(event)
    }
    expect([...last].sort()).toEqual(['change', 'end'])
    await events.return(undefined)
  })
})

describe('a page of a stream', () => {
  it('waits for the first chunk, and is empty when there is none', async () => {
    const { job } = talker()
    const api = await testApi([job])
    const id = await api.engine.enqueue('talk')
    for (const query of ['', '?from=0', '?wait=1']) {
      const answer = await (await api.request(`/jobs/${id}/streams/output${query}`)).json()
      expect(answer).toMatchObject({ chunks: [], end: null })
    }
  })

  it('is what follows a place, and waits for more when it is asked to', async () => {
    const { job, say, words, end } = talker()
    words.push(['one'])
    const api = await testApi([job])
    await api.engine.startWorker()
    const id = await api.engine.enqueue('talk')
    const read = async (query: string) =>
      (await api.request(`/jobs/${id}/streams/output${query}`)).json() as Promise<{
        chunks: { seq: number; values: unknown[] }[]
        end: unknown
      }>
    expect(await read('?wait=10')).toMatchObject({
      chunks: [{ seq: 1, values: ['one'] }],
      end: null,
    })
    expect(await read('?from=1')).toMatchObject({ chunks: [], end: null })
    const waiting = read('?from=1&wait=20')
    say('two')
    expect(await waiting).toMatchObject({ chunks: [{ seq: 2, values: ['two'] }] })
    end()
    expect(await read('?from=2&wait=20')).toMatchObject({
      chunks: [],
      end: { status: 'completed' },
    })
    expect(await read('?from=0')).toMatchObject({
      chunks: [{ seq: 1 }, { seq: 2 }],
      end: { status: 'completed' },
    })
  })

  it('is a poll of a watch that knows how the stream ended: nothing is new', async () => {
    const { job, words, end } = talker()
    words.push(['one'])
    end()
    const api = await testApi([job])
    await api.engine.startWorker()
    const id = await api.engine.enqueue('talk')
    await api.engine.until(id, 'completed')
    const poll = async (
      watch: object,
    ): Promise<{ chunks: unknown[]; ends: { seq: number; version: number }[] }> =>
      (
        await api.post('/watch', { watches: [{ job: id, stream: 'output', ...watch }] })
      ).json() as never
    const first = await poll({})
    expect(first.ends).toHaveLength(1)
    const { seq, version } = first.ends[0]!
    const again = await poll({ from: String(seq), ended: version })
    expect(again).toMatchObject({ chunks: [], ends: [] })
  })
})

describe('a stream that is not the caller’s', () => {
  it('is not there', async () => {
    const { job, words } = talker()
    words.push(['secret'])
    const api = await testApi([job])
    await api.engine.startWorker()
    const id = await api.engine.enqueue('talk')
    for (const as of [bob, grace]) {
      const read = await api.request(`/jobs/${id}/streams/output`, { as })
      expect(read.status).toBe(404)
      const watch = { watches: [{ job: id, stream: 'output' }] }
      const answer = await (await api.post('/watch', watch, { as })).json()
      expect(answer).toMatchObject({ chunks: [{ job: id, stream: 'output', gone: true }] })
    }
  })

  it('is no news to who knows it, until it is there', async () => {
    const api = await testApi([talker().job])
    const id = uuidV7(Date.now(), crypto.getRandomValues(new Uint8Array(10)))
    const poll = async (from: string, job = id): Promise<unknown> =>
      (await api.post('/watch', { watches: [{ job, stream: 'output', from }] })).json()
    expect(await poll('0')).toMatchObject({ chunks: [{ gone: true }] })
    expect(await poll('gone')).toMatchObject({ chunks: [], ends: [] })
    expect(await poll('gone', 'no-id')).toMatchObject({ chunks: [], gone: [] })
    expect(await poll('0', 'no-id')).toMatchObject({ chunks: [{ gone: true }], gone: [] })
    await api.post('/jobs', { id, type: 'talk', input: {} })
    expect(await poll('gone')).toMatchObject({ chunks: [{ restart: true }] })
  })

  it('B32: is refused when its name or place cannot be one', async () => {
    const { job } = talker()
    const api = await testApi([job])
    const id = await api.engine.enqueue('talk')
    for (const path of [
      'output?from=-1',
      'output?from=x',
      'OUTPUT',
      'output?from=1@x',
      'output?from=1@0000-01-01T00:00:00.000Z',
    ]) {
      expect((await api.request(`/jobs/${id}/streams/${path}`)).status).toBe(400)
    }
    const headers = { 'last-event-id': 'x' }
    expect((await api.request(`/jobs/${id}/streams/output`, { headers })).status).toBe(400)
    const watches = Array.from({ length: 51 }, (_, n) => ({ job: id, stream: `s${n}` }))
    expect((await api.post('/watch', { watches })).status).toBe(422)
  })
})
