import { describe, expect, it } from 'vitest'
import { someJob } from '../../../test/some-job.js'
import { formatKnownVersion, type Frame, type WatchRequest } from '../../protocol/index.js'
import { createJobStore } from '../job-store.js'
import { createStreamStore } from '../stream-store.js'
import { createWatchSet } from '../watch-set.js'
import { createWindowNames } from '../window-names.js'
import { createServedTab } from './served-tab.js'

const job = someJob({ version: 3 })
const createdAt = job.createdAt
const stream = { job: job.id, stream: 'output' }
const jobs = { status: ['running'] as const }

function tabServedByOneThatKnows(...frames: Frame[]) {
  const store = createJobStore({ onNeeded: () => undefined, onContradicted: () => undefined })
  const streams = createStreamStore(store.mark)
  const windowNames = createWindowNames()
  const told: Frame[] = []
  const tab = createServedTab({
    store,
    streams,
    windowNames,
    watches: createWatchSet({ store, streams, onChange: () => undefined }),
    tell: (_, news) => told.push(...news),
  })
  const apply = (frame: Frame): void => {
    store.apply(frame)
    streams.apply(frame)
  }
  // The one that knows has asked for it.
  streams.watchOf(stream.job, stream.stream)
  for (const frame of frames) apply(frame)
  return {
    windowName: windowNames(jobs, 20),
    apply,
    told,
    /** @returns what the tab is told when it asks for this */
    async asks(request: Partial<WatchRequest>): Promise<Frame[]> {
      told.length = 0
      tab.watch({ epoch: 'e1', watches: [], ...request })
      await Promise.resolve()
      return [...told]
    },
  }
}

const hello: Frame = { event: 'hello', data: { epoch: 'e1', heartbeatMs: 15_000, pollMs: 3000 } }
const chunk: Frame = {
  event: 'chunk',
  data: { ...stream, createdAt, seq: 1, step: null, values: ['a'] },
}

describe('a tab that another one serves', () => {
  it('G-51: is told again what it says that it has not: it may have heard nothing for a while', async () => {
    const tab = tabServedByOneThatKnows(hello, { event: 'job', data: job }, chunk)
    const window = { key: 'theirs', jobs, limit: 20 }
    const watches = [{ job: job.id }, stream, window]
    await tab.asks({ watches })
    tab.apply({
      event: 'window',
      data: {
        key: tab.windowName,
        tag: 't1',
        ids: [job.id],
        counts: {} as never,
        countsCapped: false,
        hasMore: false,
      },
    })
    await Promise.resolve()
    const told = await tab.asks({ watches })
    expect(told.map(({ event }) => event).toSorted()).toEqual(['chunk', 'job', 'window'])
    const has = {
      known: { [job.id]: formatKnownVersion(job) },
      watches: [{ job: job.id }, { ...stream, from: `1@${createdAt}` }, { ...window, tag: 't1' }],
    }
    expect(await tab.asks(has)).toEqual([])
  })

  const written = (seq: number, step: string | null): Frame => ({
    event: 'chunk',
    data: { ...stream, createdAt, seq, step, values: [seq] },
  })
  const end = (seq: number, version: number, at = createdAt): Frame => ({
    event: 'end',
    data: { ...stream, createdAt: at, seq, version, status: 'completed' },
  })

  it('G-51: is told the end again when what it has is told anew', async () => {
    const reset: Frame = { event: 'chunk', data: { ...stream, createdAt, seq: 3, keep: ['a'] } }
    const tab = tabServedByOneThatKnows(hello, written(1, 'a'), written(2, null), reset, end(3, 9))
    const told = await tab.asks({ watches: [{ ...stream, from: `1@${createdAt}`, ended: 9 }] })
    const tabStreams = createStreamStore()
    tabStreams.watchOf(stream.job, stream.stream)
    for (const frame of [written(1, 'a'), end(1, 9), ...told]) tabStreams.apply(frame)
    expect(tabStreams.stream(stream.job, stream.stream).getSnapshot()).toMatchObject({
      state: 'ended',
      chunks: [{ seq: 1 }],
    })
  })

  it('G-51: is told all of a stream again when the epoch has changed, whatever it had', async () => {
    const tab = tabServedByOneThatKnows(hello, written(1, null), written(2, null))
    const watches = [{ ...stream, from: `2@${createdAt}` }]
    expect(await tab.asks({ watches })).toEqual([])
    const restart: Frame = { event: 'chunk', data: { ...stream, createdAt, seq: 0, restart: true } }
    const news = [restart, written(1, null), written(2, null), written(3, null)]
    tab.apply({ ...hello, data: { ...hello.data, epoch: 'e2' } })
    for (const frame of news) tab.apply(frame)
    await Promise.resolve()
    expect(tab.told).toEqual(news)
  })

  it('G-51: keeps what it has when the one that serves it has heard of no epoch yet', async () => {
    const tab = tabServedByOneThatKnows()
    expect(await tab.asks({ watches: [{ ...stream, from: `1@${createdAt}` }] })).toEqual([])
    for (const frame of [hello, written(1, null), written(2, null)]) tab.apply(frame)
    await Promise.resolve()
    expect(tab.told).toEqual([written(2, null)])
  })

  it('G-51: is told all of a stream again when it asks in another epoch', async () => {
    const tab = tabServedByOneThatKnows(hello, written(1, null), written(2, null))
    const watches = [{ job: job.id }, { ...stream, from: `2@${createdAt}` }]
    const told = await tab.asks({ epoch: 'e0', watches })
    expect(told).toMatchObject([{ data: { restart: true } }, written(1, null), written(2, null)])
  })

  it('G-51: is told the end of a job that was made again under its id', async () => {
    const later = '2026-11-22T23:00:00.000Z'
    const tab = tabServedByOneThatKnows(hello, written(1, null), end(1, 9))
    const tabStreams = createStreamStore()
    tabStreams.watchOf(stream.job, stream.stream)
    for (const frame of [written(1, null), end(1, 9)]) tabStreams.apply(frame)
    const watches = [{ ...stream, from: `1@${createdAt}`, ended: 9 }]
    expect(await tab.asks({ watches })).toEqual([])
    tab.apply({ event: 'chunk', data: { ...stream, seq: 0, createdAt: later, restart: true } })
    tab.apply(end(0, 4, later))
    await Promise.resolve()
    for (const frame of tab.told) tabStreams.apply(frame)
    expect(tabStreams.stream(stream.job, stream.stream).getSnapshot()).toMatchObject({
      state: 'ended',
      chunks: [],
    })
  })
})
