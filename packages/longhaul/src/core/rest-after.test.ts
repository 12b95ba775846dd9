import { expect, it } from 'vitest'
import { restAfter } from './rest-after.js'

it.each([
  [0, 0],
  [1, 3],
  [4, 12],
  [5, 15],
  [6, 14],
  [20, 0],
  [500, 0],
])('after %i ms of a quarter of the time, and at most 20 ms, rests for %i', (tookMs, restMs) => {
  expect(restAfter(tookMs, { share: 0.25, longestMs: 20 })).toBe(restMs)
})
