import { expect, it } from 'vitest'
import { fallenRatios } from './gate.mjs'
import { allRatios, pairedRatios } from './ratios.mjs'

const drain = (round, system, perSecond) => ({ work: 'drain', round, system, perSecond })
const start = (round, system, p50Ms) => ({ work: 'start', round, system, p50Ms })

it('compares what met the same minute, so that a busy round does no harm', () => {
  const results = [
    drain(1, 'longhaul', 1000),
    drain(1, 'peer', 500),
    drain(2, 'longhaul', 100),
    drain(2, 'peer', 40),
    drain(3, 'longhaul', 900),
    drain(3, 'peer', 450),
  ]
  expect(pairedRatios(results, 'drain', 'peer')).toEqual({
    work: 'drain',
    against: 'peer',
    rounds: 3,
    median: 2,
    lowest: 2,
    highest: 2.5,
  })
})

it('is above 1 where Longhaul takes less time', () => {
  const results = [start(1, 'longhaul', 2), start(1, 'peer', 6)]
  expect(allRatios(results)).toMatchObject([{ against: 'peer', median: 3 }])
})

it('has no ratio to a system that did not do the work', () => {
  expect(allRatios([drain(1, 'longhaul', 1), start(1, 'peer', 1)])).toEqual([])
})

it('tells of a ratio that fell out of its recorded spread, and of no other', () => {
  const recorded = [
    { work: 'drain', against: 'peer', median: 2, lowest: 1.8, highest: 2.2 },
    { work: 'start', against: 'peer', median: 1, lowest: 0.7, highest: 1.2 },
  ]
  const now = [
    { work: 'drain', against: 'peer', median: 1.7 },
    { work: 'start', against: 'peer', median: 0.8 },
    { work: 'new', against: 'peer', median: 0.1 },
  ]
  expect(fallenRatios(now, recorded)).toEqual([
    'drain: 1.70 times peer, recorded was 2.00 (1.80–2.20)',
  ])
})
