import { expect, it } from 'vitest'
import { type Duration, parseDuration } from './duration.js'

it.each([
  ['250ms', 250],
  ['30s', 30_000],
  ['1.5h', 5_400_000],
  ['7d', 604_800_000],
  [1234, 1234],
])('reads %s', (text, ms) => {
  expect(parseDuration('timeout', text as Duration)).toBe(ms)
})

it.each(['', '30', '-5s', '5 s', '1y', 'NaNs', Number.NaN, -1, Number.POSITIVE_INFINITY])(
  'refuses %j and names the option',
  (value) => {
    expect(() => parseDuration('timeout', value as Duration)).toThrow(/timeout/)
  },
)
