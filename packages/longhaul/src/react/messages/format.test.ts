import { describe, expect, it } from 'vitest'
import { formatAgo, formatDuration, formatPercent, roundEstimate } from './format.js'

describe('durations', () => {
  it.each([
    [400, '0.4 sec'],
    [9_500, '9.5 sec'],
    [12_300, '12 sec'],
    [200_000, '3 min 20 sec'],
    [3_600_000, '1 hr'],
    [3_900_000, '1 hr 5 min'],
    [93_600_000, '1 day 2 hr'],
  ])('of %i ms are %s', (ms, text) => expect(formatDuration(ms)).toBe(text))

  it('are in the language of the page', () => {
    expect(formatDuration(200_000, 'de')).toBe('3 Min. 20 Sek.')
    expect(formatAgo(200_000, 'fr')).toMatch(/^il y a 3\smin$/)
    expect(formatPercent(42, 'ar-EG')).toContain('٤٢')
  })

  it('are as exact as an estimate can be', () => {
    expect([4000, 47_000, 200_000, 9_000_000].map(roundEstimate)).toEqual([
      undefined,
      50_000,
      180_000,
      9_000_000,
    ])
  })
})
