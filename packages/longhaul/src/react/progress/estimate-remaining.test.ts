import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { estimateRemainingMs } from './estimate-remaining.js'

const at = (seconds: number): number => seconds * 1000

describe('the time that a job still takes', () => {
  it('is not known while nothing has happened and nothing ran before', () => {
    expect(estimateRemainingMs({ nowMs: at(5), startedAtMs: 0, samples: [] })).toBeUndefined()
  })

  it('comes from past runs at first', () => {
    const estimate = { nowMs: at(5), startedAtMs: 0, samples: [], typicalMs: at(60) }
    expect(estimateRemainingMs(estimate)).toBe(at(55))
  })

  it('comes from the job’s own pace when there are no past runs', () => {
    const samples = [{ atMs: at(20), progress: 40 }]
    expect(estimateRemainingMs({ nowMs: at(20), startedAtMs: 0, samples })).toBe(at(30))
  })

  it('follows the recent pace, not the average since the start', () => {
    const samples = [
      { atMs: at(100), progress: 10 },
      { atMs: at(110), progress: 60 },
    ]
    expect(estimateRemainingMs({ nowMs: at(110), startedAtMs: 0, samples })).toBe(at(8))
  })

  it('trusts the job more the further it is', () => {
    const of = (progress: number): number =>
      estimateRemainingMs({
        nowMs: at(10),
        startedAtMs: 0,
        samples: [{ atMs: at(10), progress }],
        typicalMs: at(1000),
      })!
    expect(of(10)).toBe(0.1 * at(90) + 0.9 * at(990))
    expect(of(90)).toBeCloseTo(0.9 * (at(10) / 9) + 0.1 * at(990))
  })

  it('says nothing of a run that is over its usual time and does not move', () => {
    const estimate = { nowMs: at(90), startedAtMs: 0, samples: [], typicalMs: at(60) }
    expect(estimateRemainingMs(estimate)).toBeUndefined()
  })

  it('is never negative and never infinite', () => {
    const sample = fc.record({
      atMs: fc.integer({ min: 0, max: 1e7 }),
      progress: fc.integer({ min: 0, max: 100 }),
    })
    fc.assert(
      fc.property(
        fc.array(sample),
        fc.integer({ min: 0, max: 1e7 }),
        fc.option(fc.integer({ min: 0, max: 1e7 }), { nil: undefined }),
        (samples, nowMs, typicalMs) => {
          const left = estimateRemainingMs({ nowMs, startedAtMs: 0, samples, typicalMs })
          return left === undefined || (left >= 0 && Number.isFinite(left))
        },
      ),
    )
  })
})
