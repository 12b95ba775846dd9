import fc from 'fast-check'
import { expect, it } from 'vitest'
import { nextDelayMs } from './backoff.js'

it('doubles its ceiling with each failure', () => {
  const ceilings = [1, 2, 3, 4].map((n) => nextDelayMs({ baseMs: 1000, maxMs: 60_000 }, n, 1))
  expect(ceilings).toEqual([1000, 2000, 4000, 8000])
})

it('stays between zero and the longest wait, whatever the number of failures', () => {
  fc.assert(
    fc.property(
      fc.nat(1_000_000),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: 1, max: 100_000 }),
      (maxMs, random, failures) => {
        const delay = nextDelayMs({ baseMs: 1000, maxMs }, failures, random)
        expect(delay).toBeGreaterThanOrEqual(0)
        expect(delay).toBeLessThanOrEqual(maxMs)
      },
    ),
  )
})
