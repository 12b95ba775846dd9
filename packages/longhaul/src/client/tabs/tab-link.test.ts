import { randomUUID } from 'node:crypto'
import { describe, expect, it, onTestFinished } from 'vitest'
import { networkTo, testPlatform, type TestNetwork, until } from '../../../test/client.js'
import { ada } from '../../../test/database.js'
import { deferred, testJob } from '../../../test/engine.js'
import { type TestApi, testApi } from '../../../test/http.js'
import { testLocks } from '../../../test/locks.js'
import type { Watch } from '../../protocol/index.js'
import { type Connection, createConnection } from '../connection.js'
import { createHttp } from '../http.js'
import { createJobStore, type JobStore } from '../job-store.js'
import { createStreamStore, type StreamStore } from '../stream-store.js'
import { createWindowNames } from '../window-names.js'

interface Tab extends Connection {
  readonly network: TestNetwork
  readonly store: JobStore
  readonly streams: StreamStore
  /** Whether it asks the server itself. */
  asks(): boolean
  look(watch: Watch): () => void
}

/** The tabs of a browser. Node's BroadcastChannel joins them as a browser's would. */
function browserOn(api: TestApi) {
  const locks = testLocks()
  const origin = randomUUID()
  const nameOf = (session: string): string => `${origin} ${session}`
  return {
    locks,
    nameOf,
    openTab({ session = 'ada', isRefused = (): boolean => false } = {}): Tab {
      const network = networkTo(api)
      const fetch = async (url: string, init?: RequestInit): Promise<Response> =>
        isRefused() ? new Response(null, { status: 401 }) : network.fetch(url, init)
      const store = createJobStore({ onNeeded: () => undefined, onContradicted: () => undefined })
      const streams = createStreamStore(store.mark)
      const connection = createConnection({
        http: createHttp({ url: 'http://localhost/api/longhaul', fetch }),
        store,
        streams,
        live: true,
        windowNames: createWindowNames(),
        platform: testPlatform({ tabs: { name: nameOf(session), locks, BroadcastChannel } }),
      })
      onTestFinished(() => connection.close())
      const asks = (): boolean => network.sent.length > 0
      return { ...connection, look: connection.watch, network, store, streams, asks }
    },
  }
}

const noop = testJob('noop', () => null)
const isKnown = ({ job }: { job: unknown }): boolean => job !== undefined

describe('tabs of one session', () => {
  it('G-50: share one connection, and each knows only what it watches', async () => {
    const api = await testApi([noop])
    const [a, b] = [await api.engine.enqueue('noop'), await api.engine.enqueue('noop')]
    const { openTab } = browserOn(api)
    const [one, other] = [openTab(), openTab()]
    one.look({ job: a })
    await until(one.store.job(a), isKnown)
    other.look({ job: b })
    await until(other.store.job(b), isKnown)
    expect([one.asks(), other.asks()]).toEqual([true, false])
    expect(one.status.getSnapshot()).toMatchObject({ state: 'live', isLeader: true })
    expect(other.status.getSnapshot()).toMatchObject({ state: 'live', isLeader: false })
    await api.engine.startWorker()
    const isCompleted = ({ job }: { job?: { status: string } | undefined }): boolean =>
      job?.status === 'completed'
    await until(one.store.job(a), isCompleted)
    await until(other.store.job(b), isCompleted)
    expect(other.store.job(a).getSnapshot().state).toBe('loading')
  })

  it('do not share it with those of another session', async () => {
    const api = await testApi([noop])
    const id = await api.engine.enqueue('noop')
    const { openTab } = browserOn(api)
    const tabs = [openTab({ session: 'ada' }), openTab({ session: 'grace' })]
    for (const { look, store } of tabs) {
      look({ job: id })
      await until(store.job(id), isKnown)
    }
    expect(tabs.map((tab) => tab.asks())).toEqual([true, true])
  })

  it('see the same windows under their own names, also a tab that comes later', async () => {
    const api = await testApi([noop])
    const { openTab } = browserOn(api)
    const [one, other] = [openTab(), openTab()]
    const first = await api.engine.enqueue('noop')
    one.look({ key: 'mine', jobs: { type: ['noop'] }, limit: 5 })
    await until(one.store.window('mine'), ({ jobs }) => jobs.length === 1)
    other.look({ key: 'theirs', jobs: { type: ['noop'] }, limit: 5 })
    await until(other.store.window('theirs'), ({ jobs }) => jobs.length === 1)
    const second = await api.engine.enqueue('noop')
    const { jobs } = await until(other.store.window('theirs'), (window) => window.jobs.length === 2)
    expect(jobs.map(({ id }) => id)).toEqual([second, first])
    await until(one.store.window('mine'), (window) => window.jobs.length === 2)
    expect(other.asks()).toBe(false)
  })

  it('G-51: miss nothing when the one that has the connection goes, and another takes over', async () => {
    const gates = [deferred(), deferred()]
    const api = await testApi([
      testJob('writer', async ({ stream }) => {
        stream.write('a')
        await gates[0]!.promise
        stream.write('b')
        await gates[1]!.promise
        stream.write('c')
      }),
    ])
    const id = await api.engine.enqueue('writer')
    await api.engine.startWorker()
    const { openTab } = browserOn(api)
    const tabs = [openTab(), openTab(), openTab()]
    const textOf = ({ streams }: Tab): unknown[] =>
      streams
        .stream(id, 'output')
        .getSnapshot()
        .chunks.flatMap(({ values }) => values)
    const reads = (tab: Tab, text: string): Promise<unknown> =>
      until(tab.streams.stream(id, 'output'), () => textOf(tab).join('') === text)
    for (const tab of tabs) {
      tab.look({ job: id })
      tab.look({ job: id, stream: 'output' })
      await reads(tab, 'a')
    }
    tabs[0]!.close()
    gates[0]!.resolve()
    await reads(tabs[1]!, 'ab')
    await reads(tabs[2]!, 'ab')
    expect(tabs.map((tab) => tab.asks())).toEqual([true, true, false])
    tabs[1]!.close()
    gates[1]!.resolve()
    await until(tabs[2]!.streams.stream(id, 'output'), ({ state }) => state === 'ended')
    expect(textOf(tabs[2]!)).toEqual(['a', 'b', 'c'])
    expect(tabs[2]!.streams.stream(id, 'output').getSnapshot().edition).toBe(0)
    await until(tabs[2]!.store.job(id), ({ job }) => job?.status === 'completed')
  })

  it('G-52: take the connection from one that hangs, within five seconds', async () => {
    const api = await testApi([noop])
    const id = await api.engine.enqueue('noop')
    const { openTab, locks, nameOf } = browserOn(api)
    // A tab that has the lock, and does nothing any more.
    const robbed = deferred()
    locks
      .request(nameOf('ada'), {}, () => new Promise(() => undefined))
      .catch(() => robbed.resolve())
    const tab = openTab()
    const begunAt = Date.now()
    tab.look({ job: id })
    await robbed.promise
    expect(Date.now() - begunAt).toBeGreaterThan(3000)
    await until(tab.store.job(id), isKnown)
    expect(tab.status.getSnapshot().isLeader).toBe(true)
  })

  it('hear of it when somebody retries a job whose stream had ended', async () => {
    const gate = deferred()
    let runs = 0
    const flaky = testJob(
      'flaky',
      async ({ stream }) => {
        stream.write((runs += 1))
        if (runs === 1) throw new Error('not yet')
        await gate.promise
      },
      { retry: { attempts: 1 } },
    )
    const api = await testApi([flaky])
    const id = await api.engine.enqueue('flaky')
    await api.engine.startWorker()
    const { openTab } = browserOn(api)
    const tabs = [openTab(), openTab()]
    for (const tab of tabs) {
      tab.look({ job: id, stream: 'output' })
      await until(tab.streams.stream(id, 'output'), ({ state }) => state === 'ended')
    }
    await api.engine.jobs.retry(ada, id)
    for (const { streams } of tabs)
      await until(streams.stream(id, 'output'), ({ state }) => state === 'open')
    gate.resolve()
    for (const { streams } of tabs) {
      const { chunks } = await until(
        streams.stream(id, 'output'),
        ({ status }) => status === 'completed',
      )
      expect(chunks.flatMap(({ values }) => values)).toEqual([2])
    }
  })

  it('leave the connection to others as soon as they watch nothing', async () => {
    const api = await testApi([noop])
    const id = await api.engine.enqueue('noop')
    const { openTab, locks, nameOf } = browserOn(api)
    const [one, other] = [openTab(), openTab()]
    const stop = one.look({ job: id })
    await until(one.store.job(id), isKnown)
    other.look({ job: id })
    await until(other.store.job(id), isKnown)
    expect(locks.count(nameOf('ada'))).toBe(2)
    stop()
    // It still has what the other one watches, and passes it on.
    await api.engine.startWorker()
    await until(other.store.job(id), ({ job }) => job?.status === 'completed')
    expect(other.asks()).toBe(false)
  })

  it('are refused with the one that has the connection, until one that asks again has a better token', async () => {
    const api = await testApi([noop])
    const id = await api.engine.enqueue('noop')
    const { openTab } = browserOn(api)
    let signedOut = true
    const first = openTab({ isRefused: () => true })
    const [one, other] = [openTab({ isRefused: () => signedOut }), openTab()]
    const isRefused = ({ state }: { state: string }): boolean => state === 'unauthorized'
    for (const tab of [first, one, other]) {
      tab.look({ job: id })
      await until(tab.status, isRefused)
    }
    signedOut = false
    one.retryNow()
    await until(one.store.job(id), isKnown)
    expect(one.status.getSnapshot().state).toBe('live')
    expect(other.asks()).toBe(false)
  })

  it('stay with the one that has the connection when asking again had helped, and it is refused later', async () => {
    const api = await testApi([noop])
    const id = await api.engine.enqueue('noop')
    const { openTab } = browserOn(api)
    let signedOut = true
    const [first, one] = [openTab({ isRefused: () => signedOut }), openTab()]
    const isRefused = ({ state }: { state: string }): boolean => state === 'unauthorized'
    for (const tab of [first, one]) {
      tab.look({ job: id })
      await until(tab.status, isRefused)
    }
    signedOut = false
    one.retryNow()
    await until(one.store.job(id), isKnown)
    signedOut = true
    first.network.dropConnections()
    await until(one.status, isRefused)
    expect(one.asks()).toBe(false)
  })

  it('have each their own where the browser gives no locks', async () => {
    const api = await testApi([noop])
    const id = await api.engine.enqueue('noop')
    const { openTab, locks } = browserOn(api)
    locks.request = () => Promise.reject(new DOMException('denied', 'SecurityError'))
    const tab = openTab()
    tab.look({ job: id })
    await until(tab.store.job(id), isKnown)
    expect(tab.status.getSnapshot()).toMatchObject({ state: 'live', isLeader: true })
  })
})
