import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { deferred, testJob } from '../../test/engine.js'
import { clientOf, until } from '../../test/client.js'
import { ada } from '../../test/database.js'
import { testApi } from '../../test/http.js'
import type { ChunkFrame } from '../protocol/index.js'
import { createJobStore } from './job-store.js'
import type { StreamPart } from './read-stream.js'
import { createStreamStore } from './stream-store.js'

const createdAt = '2026-11-22T10:00:00.000Z'

describe('a stream store', () => {
  function storeWith(...chunks: (Partial<ChunkFrame> & { seq: number })[]) {
    const store = createStreamStore()
    const apply = (chunk: Partial<ChunkFrame> & { seq: number }): void =>
      store.apply({
        event: 'chunk',
        data: {
          job: 'j',
          stream: 's',
          createdAt,
          ...('keep' in chunk || 'restart' in chunk ? {} : { step: null, values: [chunk.seq] }),
          ...chunk,
        } as ChunkFrame,
      })
    store.watchOf('j', 's')
    for (const chunk of chunks) apply(chunk)
    const values = () =>
      store
        .stream('j', 's')
        .getSnapshot()
        .chunks.flatMap((chunk) => chunk.values)
    return { store, apply, values }
  }

  it('takes each chunk once, whatever connection brings it again', () => {
    const { apply, values } = storeWith({ seq: 1 }, { seq: 2 })
    apply({ seq: 1 })
    apply({ seq: 2 })
    apply({ seq: 3 })
    expect(values()).toEqual([1, 2, 3])
  })

  it('drops what a job that runs again writes again, and says that it is another text', () => {
    const { store, apply, values } = storeWith(
      { seq: 1, step: 'a' },
      { seq: 2, step: 'b' },
      { seq: 3 },
    )
    apply({ seq: 4, keep: ['a'] })
    expect(values()).toEqual([1])
    expect(store.stream('j', 's').getSnapshot().edition).toBe(1)
    apply({ seq: 5, step: 'b' })
    expect(values()).toEqual([1, 5])
  })

  it('goes on when its job is tried again, and has not ended for whoever reads it then', () => {
    const { store, apply, values } = storeWith({ seq: 1, step: 'a' }, { seq: 2 })
    const end = (version: number): void => {
      const data = {
        job: 'j',
        stream: 's',
        seq: 2,
        createdAt,
        version,
        status: 'cancelled',
      } as const
      store.apply({ event: 'end', data })
    }
    end(5)
    const state = () => store.stream('j', 's').getSnapshot().state
    expect(state()).toBe('ended')
    store.reopen({ id: 'other', createdAt, version: 6 }, 0)
    expect(state()).toBe('ended')
    expect(store.watchOf('j', 's').ended).toBe(5)
    store.reopen({ id: 'j', createdAt, version: 6 }, 0)
    expect([state(), store.watchOf('j', 's').ended]).toEqual(['open', undefined])
    // From a server that has not heard of the retry yet.
    end(5)
    expect(state()).toBe('open')
    // The answer to a retry can come after the end that follows it.
    end(8)
    store.reopen({ id: 'j', createdAt, version: 7 }, 0)
    expect(state()).toBe('ended')
    store.reopen({ id: 'j', createdAt, version: 9 }, 0)
    apply({ seq: 3, keep: ['a'] })
    expect(values()).toEqual([1])
  })

  it('begins again when the job is gone and there again', () => {
    const { store, apply, values } = storeWith({ seq: 1 }, { seq: 2 })
    store.apply({ event: 'chunk', data: { job: 'j', stream: 's', gone: true } })
    expect([values(), store.stream('j', 's').getSnapshot().state]).toEqual([[], 'gone'])
    // Which no place is: the server begins with a restart should it be there.
    expect(store.watchOf('j', 's')).toMatchObject({ from: 'gone' })
    apply({ seq: 1 })
    expect(values()).toEqual([1])
    expect(store.stream('j', 's').getSnapshot()).toMatchObject({ state: 'open', edition: 1 })
  })

  it('G-15: has lost its place when the epoch changes, whoever says so, until it is told to begin again', () => {
    const jobs = createJobStore({ onNeeded: () => undefined, onContradicted: () => undefined })
    const streams = createStreamStore(jobs.mark)
    jobs.enter('e1')
    streams.watchOf('j', 's')
    const at = { job: 'j', stream: 's', createdAt }
    streams.apply({ event: 'chunk', data: { ...at, seq: 1, step: null, values: ['a'] } })
    expect(streams.watchOf('j', 's')).toMatchObject({ from: `1@${createdAt}` })
    // As the answer to any request does.
    jobs.applyAnswer({ jobs: [], epoch: 'e2' }, jobs.mark())
    expect(streams.watchOf('j', 's')).toMatchObject({ from: 'lost' })
    streams.apply({ event: 'chunk', data: { ...at, seq: 0, restart: true } })
    expect(streams.watchOf('j', 's')).toMatchObject({ from: `0@${createdAt}` })
    // A retry of the epoch before, whose versions say nothing of this one.
    streams.reopen({ id: 'j', createdAt, version: 8 }, 0)
    const status = 'failed' as const
    streams.apply({ event: 'end', data: { ...at, seq: 0, version: 5, status } })
    expect(streams.stream('j', 's').getSnapshot().state).toBe('ended')
  })

  it('says that it knows of a stream that is gone', () => {
    const { store, apply } = storeWith({ seq: 1 })
    store.apply({ event: 'chunk', data: { job: 'j', stream: 's', gone: true } })
    expect(store.watchOf('j', 's')).toMatchObject({ from: 'gone' })
    apply({ seq: 0, restart: true })
    expect(store.watchOf('j', 's')).toMatchObject({ from: `0@${createdAt}` })
  })

  it('ends with a job that was made again under its id, whatever version the one before had', () => {
    const later = '2026-11-22T11:00:00.000Z'
    const { store, apply, values } = storeWith()
    const end = (at: string, version: number): void =>
      store.apply({
        event: 'end',
        data: { job: 'j', stream: 's', seq: 0, createdAt: at, version, status: 'completed' },
      })
    const state = () => store.stream('j', 's').getSnapshot().state
    end(createdAt, 7)
    store.reopen({ id: 'j', createdAt, version: 8 }, 0)
    end(later, 2)
    expect(state()).toBe('ended')
    // The answer comes late, and is of the one before.
    store.reopen({ id: 'j', createdAt, version: 8 }, 0)
    expect(state()).toBe('ended')
    apply({ seq: 1, createdAt })
    store.apply({
      event: 'end',
      data: { job: 'j', stream: 's', seq: 1, createdAt, version: 3, status: 'completed' },
    })
    expect([state(), values()]).toEqual(['ended', [1]])
  })

  it('begins again after it was forgotten, with what is asked for then and with nothing else', () => {
    const { store, apply, values } = storeWith({ seq: 1 }, { seq: 2 })
    const end = (seq: number): void =>
      store.apply({
        event: 'end',
        data: { job: 'j', stream: 's', seq, createdAt, version: 1, status: 'completed' },
      })
    const state = () => store.stream('j', 's').getSnapshot().state
    store.drop('j', 's')
    // The server is told a moment later, and says on.
    apply({ seq: 3 })
    expect(state()).toBe('loading')
    apply({ seq: 4 })
    end(4)
    expect([state(), values()]).toEqual(['loading', []])
    expect(store.watchOf('j', 's')).toMatchObject({ from: '0', ended: undefined })
    for (const seq of [1, 2, 3, 4]) apply({ seq })
    end(4)
    expect([state(), values()]).toEqual(['ended', [1, 2, 3, 4]])
  })

  it('begins again when it is told to, and says where it stands', () => {
    const { store, apply, values } = storeWith({ seq: 7 })
    expect(store.watchOf('j', 's')).toMatchObject({ from: `7@${createdAt}` })
    apply({ seq: 0, restart: true })
    apply({ seq: 2 })
    expect(values()).toEqual([2])
    expect(store.watchOf('j', 's')).toMatchObject({ from: `2@${createdAt}` })
  })
})

describe('a client that reads a stream', () => {
  it('gets each value once and in order, and its end', async () => {
    const api = await testApi([
      testJob('count', async ({ stream }) => {
        for (let n = 0; n < 30; n += 1) {
          stream.write(n)
          if (n % 3 === 0) await stream.flush()
        }
      }),
    ])
    const client = clientOf(api)
    const { id } = await client.jobs.create('count', {})
    await api.engine.startWorker()
    const values: unknown[] = []
    for await (const part of client.readStream(id)) values.push(...part.values)
    expect(values).toEqual(Array.from({ length: 30 }, (_, n) => n))
  })

  it('continues after a lost connection, and by polling when there is no stream', async () => {
    const first = deferred()
    const second = deferred()
    const api = await testApi([
      testJob('three', async ({ stream }) => {
        stream.write('one')
        await first.promise
        stream.write('two')
        await second.promise
        stream.write('three')
      }),
    ])
    await api.engine.startWorker()
    const client = clientOf(api)
    const { id } = await client.jobs.create('three', {})
    const stream = client.stream(id)
    const has = (count: number) => until(stream, ({ chunks }) => chunks.length === count)
    const hold = stream.subscribe(() => undefined)
    await has(1)
    client.network = 'down'
    client.dropConnections()
    first.resolve()
    await until(client.connection, ({ state }) => state === 'reconnecting')
    client.network = 'no streaming'
    client.connection.retryNow()
    await has(2)
    await until(client.connection, ({ state }) => state === 'polling')
    second.resolve()
    await until(stream, ({ state }) => state === 'ended')
    const snapshot = stream.getSnapshot()
    expect(snapshot.chunks.flatMap(({ values }) => values)).toEqual(['one', 'two', 'three'])
    expect(snapshot).toMatchObject({ state: 'ended', status: 'completed', edition: 0 })
    hold()
  })

  it('G-15: has all of it when it comes back to a stream that was written on while it was away', async () => {
    const api = await testApi([
      testJob('count', async ({ stream, signal }) => {
        for (let n = 0; !signal.aborted; n += 1) {
          stream.write(n)
          await sleep(10)
        }
      }),
    ])
    await api.engine.startWorker()
    const client = clientOf(api)
    const stream = client.stream(await api.engine.enqueue('count'))
    const firstValues = (): unknown[] =>
      stream
        .getSnapshot()
        .chunks.flatMap(({ values }) => values)
        .slice(0, 3)
    const isBegun = (): boolean => firstValues().length === 3
    await until(stream, isBegun)
    // A moment after its last reader has gone it is forgotten, and after that the server is told.
    await until(client.connection, ({ state }) => state === 'idle')
    await until(stream, isBegun)
    expect(firstValues()).toEqual([0, 1, 2])
  })

  it('is told when the job is run again, and has what its finished steps wrote', async () => {
    const api = await testApi([
      testJob('essay', async ({ stream, step, job }) => {
        await step('one', () => stream.write('one '))
        await step('two', async () => {
          stream.write('two ')
          await stream.flush()
          if (job.attempt === 1) throw new Error('once')
        })
      }),
    ])
    const client = clientOf(api)
    const { id } = await client.jobs.create('essay', {})
    const parts: StreamPart[] = []
    await api.engine.startWorker()
    for await (const part of client.readStream(id)) parts.push(part)
    const last = parts.findLastIndex(({ restarted }) => restarted)
    const values = parts.slice(Math.max(0, last)).flatMap((part) => part.values)
    expect(values).toEqual(['one ', 'two '])
  })

  it('G-15: goes on when somebody else retries its job, also when nothing is written before it ends again', async () => {
    const api = await testApi([testJob('noop', () => null)])
    const client = clientOf(api)
    const { id } = await client.jobs.create('noop', {})
    const stream = client.stream(id)
    const hold = stream.subscribe(() => undefined)
    for (let n = 0; n < 2; n += 1) {
      await api.engine.jobs.cancel({ principal: ada, id })
      await until(stream, ({ state }) => state === 'ended')
      await api.engine.jobs.retry(ada, id)
      await until(stream, ({ state, status }) => state === 'open' && status === undefined)
    }
    hold()
  })

  it('G-15: has ended when its job was retried here and cancelled again before the server looked', async () => {
    const api = await testApi([testJob('noop', () => null)])
    const client = clientOf(api)
    const { id } = await client.jobs.create('noop', {})
    const stream = client.stream(id)
    const hold = stream.subscribe(() => undefined)
    await client.jobs.cancel(id)
    await until(stream, ({ state }) => state === 'ended')
    await client.jobs.retry(id)
    await api.engine.jobs.cancel({ principal: ada, id })
    await until(stream, ({ state }) => state === 'ended')
    hold()
  })

  it('has begun when nothing is written yet, also of a job that was deleted and made again', async () => {
    const api = await testApi([testJob('noop', () => null)])
    const client = clientOf(api)
    const { id } = await client.jobs.create('noop', {})
    const stream = client.stream(id)
    await until(stream, ({ state }) => state === 'open')
    await client.jobs.cancel(id)
    await until(stream, ({ state }) => state === 'ended')
    await client.jobs.delete(id)
    await until(stream, ({ state }) => state === 'gone')
    await client.jobs.create('noop', {}, { id })
    await until(stream, ({ state }) => state === 'open')
  })

  it('waits for a job that is still being asked for', async () => {
    const api = await testApi([testJob('talk', ({ stream }) => stream.write('here'))])
    await api.engine.startWorker()
    const client = clientOf(api)
    const id = client.newJobId()
    const states: string[] = []
    const stream = client.stream(id)
    const creating = client.jobs.create('talk', {}, { id })
    stream.subscribe(() => states.push(stream.getSnapshot().state))
    await creating
    await until(stream, ({ state }) => state === 'ended')
    expect(states).not.toContain('gone')
  })

  it('is refused what is not there', async () => {
    const api = await testApi([])
    const client = clientOf(api)
    const parts = client.readStream('0190a1b2-0000-7000-8000-00000000ffff')
    await expect(parts[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: 'job_not_found',
    })
  })

  it('stops when its signal aborts', async () => {
    const api = await testApi([testJob('noop', () => null)])
    const client = clientOf(api)
    const { id } = await client.jobs.create('noop', {})
    const controller = new AbortController()
    const parts = client.readStream(id, { signal: controller.signal })
    const reading = parts[Symbol.asyncIterator]().next()
    controller.abort()
    expect(await reading).toEqual({ done: true, value: undefined })
  })
})
