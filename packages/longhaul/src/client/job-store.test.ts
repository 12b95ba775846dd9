import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Job, LonghaulError } from '../core/index.js'
import { asChange, type Frame } from '../protocol/index.js'
import { someJob } from '../../test/some-job.js'
import { createJobStore, type JobStore } from './job-store.js'

const hello = (epoch: string): Frame => ({
  event: 'hello',
  data: { epoch, heartbeatMs: 15_000, pollMs: 3000 },
})
const whole = (job: Job): Frame => ({ event: 'job', data: job })
const change = (job: Job): Frame => ({ event: 'change', data: asChange(job) })

interface TestStore extends JobStore {
  readonly needed: string[]
  /** How often it wanted everything to be asked again. */
  contradictions(): number
}

const windowOf = (...ids: string[]): Frame => ({
  event: 'window',
  data: {
    key: 'w',
    tag: ids.join(),
    ids,
    counts: {} as never,
    countsCapped: false,
    hasMore: false,
  },
})

function storeWith(...frames: Frame[]): TestStore {
  const needed: string[] = []
  let contradictions = 0
  const store = createJobStore({
    onNeeded: (id) => needed.push(id),
    onContradicted: () => (contradictions += 1),
  })
  for (const frame of frames) store.apply(frame)
  return { ...store, needed, contradictions: () => contradictions }
}

describe('the store', () => {
  it('G-10: ends at the newest state, whatever the order and number of the frames', () => {
    const versions = Array.from({ length: 8 }, (_, n) =>
      someJob({ version: n + 1, progress: n * 10 }),
    )
    const frames = versions.flatMap((job) => [whole(job), change(job)])
    fc.assert(
      fc.property(fc.shuffledSubarray(frames, { minLength: 1 }), fc.nat(15), (some, again) => {
        const store = storeWith(hello('e1'), whole(versions[0]!))
        const seen: number[] = []
        store.job('j1').subscribe(() => seen.push(store.job('j1').getSnapshot().job!.version))
        for (const frame of [...some, frames[again]!]) store.apply(frame)
        expect(seen).toEqual([...seen].sort((a, b) => a - b))
        const newest = Math.max(
          1,
          ...[...some, frames[again]!].map(({ data }) => (data as Job).version),
        )
        expect(store.job('j1').getSnapshot().job).toMatchObject({
          version: newest,
          progress: (newest - 1) * 10,
        })
      }),
    )
  })

  it('gives the same snapshot while nothing has changed', () => {
    const store = storeWith(hello('e1'), whole(someJob({ version: 3 })))
    const before = store.job('j1').getSnapshot()
    store.apply(change(someJob({ version: 2, stage: 'late' })))
    store.apply(whole(someJob({ version: 3 })))
    expect(store.job('j1').getSnapshot()).toBe(before)
  })

  it('takes a job with the same id and another time of creation for another job', () => {
    const store = storeWith(hello('e1'), whole(someJob({ version: 9 })))
    const anew = someJob({ version: 1, createdAt: '2026-11-22T11:00:00.000Z' })
    store.apply(change(anew))
    expect(store.needed).toEqual(['j1'])
    store.apply(whole(anew))
    expect(store.job('j1').getSnapshot().job?.version).toBe(1)
  })

  it('believes a lower version after the epoch has changed, and shows the old state until then', () => {
    const store = storeWith(hello('e1'), whole(someJob({ version: 9, progress: 90 })))
    store.apply(hello('e2'))
    expect(store.job('j1').getSnapshot().job?.version).toBe(9)
    expect(store.knownVersion('j1')).toBeUndefined()
    store.apply(whole(someJob({ version: 7, progress: 70 })))
    expect(store.job('j1').getSnapshot().job).toMatchObject({ version: 7, progress: 70 })
  })

  it('drops the answer to a request that began before the epoch changed', () => {
    const store = storeWith(hello('e1'), whole(someJob({ version: 4 })))
    const mark = store.mark()
    store.apply(hello('e2'))
    store.apply(whole(someJob({ version: 3 })))
    store.applyAnswer({ jobs: [someJob({ version: 8 })], epoch: 'e1' }, mark)
    expect(store.job('j1').getSnapshot().job?.version).toBe(3)
    expect(store.epoch()).toBe('e2')
  })

  it('learns from an answer that the epoch has changed', () => {
    const store = storeWith(hello('e1'), whole(someJob({ version: 9 })))
    store.applyAnswer({ jobs: [someJob({ version: 2 })], epoch: 'e2' }, store.mark())
    expect(store.job('j1').getSnapshot().job?.version).toBe(2)
  })

  it('keeps the jobs of a window up to date', () => {
    const store = storeWith(
      hello('e1'),
      whole(someJob()),
      whole(someJob({ id: 'j2' })),
      windowOf('j2', 'j1'),
    )
    let told = 0
    store.window('w').subscribe(() => (told += 1))
    store.apply(change(someJob({ version: 2, progress: 50 })))
    expect(store.window('w').getSnapshot().jobs).toMatchObject([
      { id: 'j2' },
      { id: 'j1', progress: 50 },
    ])
    expect(told).toBe(1)
  })

  it('shows a job as completed only with its result, and asks for one too large for a frame', () => {
    const done = someJob({ version: 2, status: 'completed', result: 'large' })
    const store = storeWith(hello('e1'), whole(someJob()), {
      event: 'change',
      data: { ...asChange(done), result: null, resultOmitted: true },
    })
    expect(store.needed).toEqual(['j1'])
    expect(store.job('j1').getSnapshot().job?.status).toBe('running')
    store.applyAnswer({ jobs: [done], epoch: 'e1' }, store.mark())
    expect(store.job('j1').getSnapshot().job).toMatchObject({
      status: 'completed',
      result: 'large',
    })
  })

  it('says what is gone, and that it knows so', () => {
    const store = storeWith(hello('e1'), whole(someJob()), { event: 'gone', data: { id: 'j1' } })
    expect(store.job('j1').getSnapshot().state).toBe('gone')
    expect(store.knownVersion('j1')).toBe('gone')
  })

  it('keeps why a job was refused, also when the server then says that there is none', () => {
    const store = storeWith(hello('e1'))
    const reason = new LonghaulError('invalid_input', 'Not today.')
    store.propose(someJob({ version: 0 }))
    store.endProposal('j1', reason)
    store.apply({ event: 'gone', data: { id: 'j1' } })
    expect(store.job('j1').getSnapshot()).toEqual({ state: 'gone', job: undefined, reason })
  })

  it('keeps what it knows of a job that is asked for once more', () => {
    const store = storeWith(hello('e1'), whole(someJob({ version: 4, progress: 40 })))
    store.propose(someJob({ version: 0 }))
    expect(store.job('j1').getSnapshot().job?.progress).toBe(40)
    store.endProposal('j1', new LonghaulError('id_taken', 'There is one.'))
    expect(store.job('j1').getSnapshot().job?.progress).toBe(40)
  })

  it('has everything asked again when an answer and the connection contradict each other', () => {
    const store = storeWith(hello('e1'), { event: 'gone', data: { id: 'j1' } })
    // It was on its way when the job was deleted; or the job was made again. Who knows?
    store.applyAnswer({ jobs: [someJob()], epoch: 'e1' }, store.mark())
    expect(store.contradictions()).toBe(1)

    store.propose(someJob({ id: 'j2', version: 0 }))
    store.apply({ event: 'gone', data: { id: 'j2' } })
    store.applyAnswer({ jobs: [someJob({ id: 'j2' })], epoch: 'e1' }, store.mark())
    store.endProposal('j2')
    expect(store.contradictions()).toBe(2)
  })

  it('takes no answer about a job that was deleted and made again since', () => {
    const anew = someJob({ createdAt: '2026-11-22T11:00:00.000Z' })
    const store = storeWith(hello('e1'), whole(anew))
    store.applyAnswer({ jobs: [someJob({ version: 7 })], epoch: 'e1' }, store.mark())
    expect(store.job('j1').getSnapshot().job).toEqual(anew)
  })

  it('shows a new job in the place that it will have, and no more jobs than the window holds', () => {
    const at = (minute: number): string => `2026-11-22T10:0${minute}:00.000Z`
    const store = storeWith(hello('e1'))
    const shown = (): string[] =>
      store
        .window('w')
        .getSnapshot()
        .jobs.map(({ id }) => id)
    store.window('w', {}, 3)
    for (const n of [1, 3, 5]) store.apply(whole(someJob({ id: `j${n}`, createdAt: at(n) })))
    store.apply(windowOf('j5', 'j1'))
    store.propose(someJob({ id: 'asked', version: 0 }))
    expect(shown()).toEqual(['asked', 'j5', 'j1'])
    // Others were made meanwhile.
    store.applyAnswer({ jobs: [someJob({ id: 'asked', createdAt: at(2) })], epoch: 'e1' }, 0)
    store.endProposal('asked')
    expect(shown()).toEqual(['j5', 'asked', 'j1'])
    store.apply(windowOf('j5', 'j3', 'j1'))
    expect(shown()).toEqual(['j5', 'j3', 'asked'])
    expect(store.isOnlyProposed('asked')).toBe(true)
    store.forgetProposal('asked')
    expect(shown()).toEqual(['j5', 'j3', 'j1'])
  })
})
