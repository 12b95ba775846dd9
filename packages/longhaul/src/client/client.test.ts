import { describe, expect, it, onTestFinished } from 'vitest'
import { clientOf, networkTo, testPlatform, until } from '../../test/client.js'
import { ada, grace } from '../../test/database.js'
import { deferred, testJob, untilAborted } from '../../test/engine.js'
import { asHeader, testApi } from '../../test/http.js'
import { fetchOption } from '../../test/platform.js'
import { type Job, limits } from '../core/index.js'
import { createClientOn } from './client.js'
import type { LonghaulClient } from './longhaul-client.js'

const noop = testJob('noop', () => null)

const hasStatus =
  (status: Job['status']) =>
  (snapshot: { job: Job | undefined }): boolean =>
    snapshot.job?.status === status

describe('a client', () => {
  it('makes a job and follows it to its end', async () => {
    const api = await testApi([testJob('double', ({ input }) => (input as { n: number }).n * 2)])
    await api.engine.startWorker()
    const client = clientOf(api)
    const created = await client.jobs.create('double', { n: 4 })
    expect(created).toMatchObject({ status: 'queued', type: 'double' })
    const { job } = await until(client.job(created.id), hasStatus('completed'))
    expect(job).toMatchObject({ result: 8, progress: 100 })
  })

  it.each([
    ['an id that is none', (client: LonghaulClient) => [client.job('x'.repeat(1000))]],
    [
      'a list in which no box is ticked',
      (client: LonghaulClient) => [client.window({ status: [] })],
    ],
    [
      'a list of no type, by a field',
      (client: LonghaulClient) => [client.window({ type: [], input: { contactId: 'c1' } })],
    ],
    [
      'a list of what no batch has',
      (client: LonghaulClient) => [client.window({ parent: 'out of an address' })],
    ],
    [
      'a list by a field that no type names',
      (client: LonghaulClient) => [client.window({ input: { colour: 'red' } })],
    ],
    [
      'a list of what has more text in a field than can be looked for',
      (client: LonghaulClient) => [client.window({ input: { contactId: 'x'.repeat(300) } })],
    ],
    [
      'a stream that no job can have',
      (client: LonghaulClient) => [client.stream(client.newJobId(), 'x'.repeat(65))],
    ],
    [
      'more streams than one connection can follow',
      (client: LonghaulClient) =>
        Array.from({ length: limits.streamsPerConnection + 1 }, () =>
          client.stream(client.newJobId()),
        ),
    ],
    [
      'more than one connection can watch',
      (client: LonghaulClient) =>
        Array.from({ length: limits.watchesPerConnection + 1 }, () =>
          client.job(client.newJobId()),
        ),
    ],
  ])('G-11: follows the rest beside %s', async (_, others) => {
    const api = await testApi([noop, testJob('call', () => null, { filterBy: ['contactId'] })])
    const client = clientOf(api)
    const { id } = await client.jobs.create('noop', {})
    for (const each of [client.job(id), ...others(client)])
      onTestFinished(each.subscribe(() => undefined))
    await until(client.connection, ({ state }) => state === 'live' || state === 'polling')
    await api.engine.startWorker()
    await until(client.job(id), hasStatus('completed'))
  })

  it('makes one job when the answer to the first request was lost', async () => {
    const api = await testApi([noop])
    let lost = 0
    const client = clientOf(api, {
      async fetch(url, init) {
        const response = await api.fetch(
          new Request(url, {
            ...init,
            headers: { ...asHeader(ada), ...(init?.headers as object) },
          }),
        )
        if ((lost += 1) === 1) throw new TypeError('socket hang up')
        return response
      },
    })
    const job = await client.jobs.create('noop', {})
    expect(lost).toBe(2)
    expect(await api.engine.db.query('select id from longhaul.jobs')).toEqual([{ id: job.id }])
  })

  it('G-56: asks for a job no more once it is closed: the next to sign in would have it', async () => {
    const gate = deferred()
    let posts = 0
    const client = clientOf(await testApi([noop]), {
      async fetch() {
        posts += 1
        await gate.promise
        throw new TypeError('socket hang up')
      },
    })
    const creating = client.jobs.create('noop', {})
    client.close()
    gate.resolve()
    await expect(creating).rejects.toMatchObject({ code: 'database_unavailable' })
    expect(posts).toBe(1)
  })

  it('gives up a token that does not come, and asks for another', async () => {
    const api = await testApi([noop])
    const id = await api.engine.enqueue('noop')
    let asked = 0
    const client = createClientOn(testPlatform({ timings: { answerMs: 1000 } }), {
      url: 'http://localhost/api/longhaul',
      ...fetchOption(networkTo(api).fetch),
      getToken: () => ((asked += 1) === 1 ? new Promise(() => undefined) : 'token'),
    })
    onTestFinished(() => client.close())
    await expect(client.jobs.get(id)).rejects.toMatchObject({ code: 'database_unavailable' })
    expect(await client.jobs.get(id)).toMatchObject({ id })
  })

  it('G-11: watches for the others when one stops twice', async () => {
    const api = await testApi([noop])
    const client = clientOf(api)
    const [id, another] = [await api.engine.enqueue('noop'), await api.engine.enqueue('noop')]
    const stop = client.job(id).subscribe(() => undefined)
    onTestFinished(client.job(id).subscribe(() => undefined))
    const hold = client.job(another).subscribe(() => undefined)
    await until(client.job(another), ({ state }) => state === 'known')
    stop()
    stop()
    hold()
    const greetings = client.sent.length
    // What nobody looks at any more is left out a moment later, in a new stream.
    await expect.poll(() => client.sent.length, { timeout: 5000 }).toBeGreaterThan(greetings)
    await api.engine.startWorker()
    await until(client.job(id), hasStatus('completed'))
  })

  it('shows a job before the server has answered, also in windows, and the two become one', async () => {
    const api = await testApi([noop])
    const gate = deferred()
    const client = clientOf(api, {
      async fetch(url, init) {
        const headers = { ...asHeader(ada), ...(init?.headers as object) }
        const request = new Request(url, { ...init, headers })
        if (url.endsWith('/jobs') && init?.method === 'POST') await gate.promise
        return api.fetch(request)
      },
    })
    const window = client.window({ type: ['noop'] })
    await until(window, (snapshot) => snapshot.window !== undefined)
    const stop = window.subscribe(() => undefined)
    onTestFinished(stop)
    const id = client.newJobId()
    const creating = client.jobs.create('noop', { n: 1 }, { id })
    expect(client.job(id).getSnapshot().job).toMatchObject({ status: 'queued', version: 0 })
    expect(window.getSnapshot().jobs).toMatchObject([{ id, version: 0, input: { n: 1 } }])
    // Who watches it meanwhile is told by the server that there is no such job, and is not misled.
    const watching = client.job(id).subscribe(() => undefined)
    onTestFinished(watching)
    await until(client.connection, ({ state }) => state === 'live' || state === 'polling')
    const cancelling = client.jobs.cancel(id)
    gate.resolve()
    await creating
    expect(window.getSnapshot().jobs).toHaveLength(1)
    await cancelling
    await until(client.job(id), hasStatus('cancelled'))
    await until(window, ({ window: frame }) => frame?.ids.includes(id) === true)
    expect(window.getSnapshot().jobs).toMatchObject([{ id, status: 'cancelled' }])
  })

  it('takes a job away again that the server refused, and says why', async () => {
    const api = await testApi([noop])
    const client = clientOf(api)
    const window = client.window({})
    await until(window, (snapshot) => snapshot.window !== undefined)
    const id = client.newJobId()
    const creating = client.jobs.create('cruise', {}, { id })
    expect(window.getSnapshot().jobs).toHaveLength(1)
    await expect(creating).rejects.toMatchObject({ code: 'unknown_job_type' })
    expect(window.getSnapshot().jobs).toEqual([])
    expect(client.job(id).getSnapshot()).toMatchObject({
      state: 'gone',
      reason: { code: 'unknown_job_type' },
    })
  })

  it('throws the server’s own error', async () => {
    const api = await testApi([noop])
    const client = clientOf(api)
    await expect(client.jobs.create('cruise', {})).rejects.toMatchObject({
      code: 'unknown_job_type',
    })
    await expect(client.jobs.get('0190a1b2-0000-7000-8000-00000000ffff')).rejects.toMatchObject({
      code: 'job_not_found',
    })
  })

  it('cancels, retries, lists and deletes', async () => {
    const api = await testApi([noop])
    const client = clientOf(api)
    const { id } = await client.jobs.create('noop', { n: 1 }, { tags: ['x'] })
    expect(await client.jobs.cancel(id, { reason: 'enough' })).toMatchObject({
      status: 'cancelled',
    })
    expect(client.job(id).getSnapshot().job?.status).toBe('cancelled')
    expect(await client.jobs.retry(id)).toMatchObject({ status: 'queued' })
    await client.jobs.cancel(id)
    expect(await client.jobs.get(id, { include: ['cancellations'] })).toMatchObject({
      cancellations: [{ reason: 'enough' }, { reason: null }],
    })
    expect(
      await client.jobs.list({ tags: ['x'], status: ['cancelled'], counts: true }),
    ).toMatchObject({
      jobs: [{ id }],
      nextCursor: null,
      counts: { cancelled: 1 },
    })
    await client.jobs.delete(id)
    expect(client.job(id).getSnapshot().state).toBe('gone')
  })

  it('makes one singleton, and cancels and retries by filter', async () => {
    const api = await testApi([noop])
    const client = clientOf(api)
    const first = await client.jobs.create('noop', {}, { singleton: true })
    expect((await client.jobs.create('noop', {}, { singleton: true })).id).toBe(first.id)
    const later = await client.jobs.create('noop', {}, { singleton: 'later', debounce: '1h' })
    expect(later.id).not.toBe(first.id)
    expect(await client.jobs.cancelMany({ type: ['noop'] })).toEqual({ done: 2, left: 0 })
    expect(await client.jobs.retryMany({ status: ['cancelled'] })).toEqual({
      done: 2,
      left: 0,
      skipped: [],
    })
  })

  it('says when a job is gone', async () => {
    const api = await testApi([noop])
    const id = await api.engine.enqueue('noop')
    const client = clientOf(api, { as: grace })
    expect((await until(client.job(id), ({ state }) => state !== 'loading')).state).toBe('gone')
  })

  it('follows a window as jobs enter it and change', async () => {
    const api = await testApi([testJob('long', ({ signal }) => untilAborted(signal))])
    const client = clientOf(api)
    const window = client.window({ status: ['queued', 'running'] })
    await until(window, (snapshot) => snapshot.window !== undefined)
    const { id } = await client.jobs.create('long', {})
    await until(window, ({ jobs }) => jobs.length === 1)
    await api.engine.startWorker()
    await until(window, ({ jobs }) => jobs[0]?.status === 'running')
    await client.jobs.cancel(id)
    await until(
      window,
      ({ jobs, window: frame }) => jobs.length === 0 && frame?.counts.cancelled === 1,
    )
  })

  it('does not show a job for ever in a window that it left before the window was read', async () => {
    const api = await testApi([noop])
    const network = networkTo(api)
    let isDeaf = false
    const client = clientOf(api, {
      async fetch(url, init) {
        if (isDeaf && url.endsWith('/watch')) throw new TypeError('fetch failed')
        return network.fetch(url, init)
      },
    })
    const window = client.window({ status: ['queued'] })
    await until(window, (snapshot) => snapshot.window !== undefined)
    onTestFinished(window.subscribe(() => undefined))
    isDeaf = true
    network.dropConnections()
    const { id } = await client.jobs.create('noop', {})
    expect(window.getSnapshot().jobs).toMatchObject([{ id, status: 'queued' }])
    await api.engine.db.query(`delete from longhaul.jobs`)
    await until(window, ({ jobs }) => jobs.length === 0)
    expect(client.job(id).getSnapshot().state).toBe('gone')
  })

  it('fetches a result too large for a frame, also when it polls', async () => {
    const api = await testApi([testJob('much', () => 'x'.repeat(40_000))])
    await api.engine.startWorker()
    const client = clientOf(api, { live: false, pollMs: 20 })
    const { id } = await client.jobs.create('much', {})
    const { job } = await until(client.job(id), hasStatus('completed'))
    expect(job?.result).toHaveLength(40_000)
  })

  it('reads streams on that had ended, when it retries their jobs by a filter', async () => {
    const gate = deferred()
    let runs = 0
    const api = await testApi([
      testJob(
        'flaky',
        async ({ stream }) => {
          stream.write((runs += 1))
          if (runs === 1) throw new Error('not yet')
          await gate.promise
        },
        { retry: { attempts: 1 } },
      ),
    ])
    await api.engine.startWorker()
    const client = clientOf(api)
    const { id } = await client.jobs.create('flaky', {})
    const stream = client.stream(id)
    await until(stream, ({ status }) => status === 'failed')
    expect(await client.jobs.retryMany({ type: ['flaky'] })).toEqual({
      done: 1,
      left: 0,
      skipped: [],
    })
    expect(stream.getSnapshot().state).toBe('open')
    // A loop over it does not end with what was there before.
    const reading = (async () => {
      const values: unknown[] = []
      for await (const part of client.readStream(id)) {
        if (part.restarted) values.length = 0
        values.push(...part.values)
        if (values.includes(2)) gate.resolve()
      }
      return values
    })()
    expect(await reading).toEqual([2])
  })
})

describe('the connection', () => {
  it('adds a watch without missing anything on the others', async () => {
    const gate = deferred()
    const api = await testApi([
      testJob('counting', async ({ progress }) => {
        for (let n = 1; n <= 60; n += 1) {
          progress(n)
          await new Promise((resolve) => setTimeout(resolve, 5))
        }
        await gate.promise
      }),
    ])
    await api.engine.startWorker()
    const client = clientOf(api)
    const first = await api.engine.enqueue('counting')
    const seen: number[] = []
    const job = client.job(first)
    job.subscribe(() => seen.push(job.getSnapshot().job!.version))
    await until(job, hasStatus('running'))
    const second = await api.engine.enqueue('counting')
    await until(client.job(second), hasStatus('running'))
    await until(job, ({ job: each }) => each?.progress === 60)
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
    gate.resolve()
    await until(job, hasStatus('completed'))
  })

  it('comes back by itself, and ends with what the database says', async () => {
    const api = await testApi([noop])
    const id = await api.engine.enqueue('noop')
    const client = clientOf(api)
    await until(client.job(id), ({ state }) => state === 'known')
    const stay = client.job(id).subscribe(() => {})
    client.network = 'down'
    api.hub.close() // ends the stream; what follows is a new one
    await until(client.connection, ({ state }) => state === 'reconnecting')
    await api.post(`/jobs/${id}/cancel`)
    client.network = 'up'
    await until(client.job(id), hasStatus('cancelled'))
    stay()
  })

  it('polls and never streams when live delivery is turned off', async () => {
    const api = await testApi([noop])
    const client = clientOf(api, { live: false, pollMs: 20 })
    const id = await api.engine.enqueue('noop')
    await until(client.job(id), ({ state }) => state === 'known')
    const stay = client.job(id).subscribe(() => {})
    await api.post(`/jobs/${id}/cancel`)
    await until(client.job(id), hasStatus('cancelled'))
    expect(client.sent.every((request) => !request.includes('event-stream'))).toBe(true)
    expect(client.connection.getSnapshot()).toMatchObject({ state: 'polling', transport: 'poll' })
    stay()
  })

  it('asks for a fresh token once, then says that it is not authorized', async () => {
    const api = await testApi([noop], { authenticate: () => null })
    const asked: boolean[] = []
    const client = clientOf(api, {
      getToken({ refresh }) {
        asked.push(refresh)
        return 'stale'
      },
    })
    client.job('0190a1b2-0000-7000-8000-00000000ffff').subscribe(() => {})
    await until(client.connection, ({ state }) => state === 'unauthorized')
    expect(asked).toEqual([false, true])
  })

  it('G-11: is opened anew when its token has ended and there is another, and refused when there is none', async () => {
    let valid = 'first'
    let token = valid
    const api = await testApi([noop], {
      revalidateMs: 30,
      authenticate: ({ headers }) =>
        headers.get('authorization') === `Bearer ${valid}` ? ada : null,
    })
    const id = await api.engine.enqueue('noop')
    const client = clientOf(api, { getToken: () => token })
    const states = new Set<string>()
    const { connection } = client
    onTestFinished(connection.subscribe(() => states.add(connection.getSnapshot().state)))
    onTestFinished(client.job(id).subscribe(() => undefined))
    await until(client.job(id), hasStatus('queued'))
    const asked = client.sent.length
    valid = 'second'
    token = 'second'
    await expect.poll(() => client.sent.length).toBeGreaterThan(asked)
    await api.engine.startWorker()
    await until(client.job(id), hasStatus('completed'))
    expect(states).not.toContain('unauthorized')
    valid = 'nobody has it'
    await until(connection, ({ state }) => state === 'unauthorized')
  })

  it('begins anew when the epoch changes, and believes the database', async () => {
    const api = await testApi([noop])
    const id = await api.engine.enqueue('noop')
    const client = clientOf(api)
    const stay = client.job(id).subscribe(() => {})
    await until(client.job(id), ({ state }) => state === 'known')
    // As after a failover that lost the last changes: the version is lower than what we know.
    await api.engine.db.query('alter table longhaul.jobs disable trigger guard_job')
    await api.engine.db.query(`update longhaul.jobs set version = 5, stage = 'five'`)
    api.engine.hints.send({ everything: true })
    await until(client.job(id), ({ job }) => job?.version === 5)
    await api.engine.db.query(`update longhaul.jobs set version = 3, stage = 'three'`)
    await api.engine.db.query('truncate longhaul.epochs')
    api.engine.hints.send({ everything: true })
    await until(client.job(id), ({ job }) => job?.version === 3)
    stay()
  })
})
