import { expect, it } from 'vitest'
import { isJobId } from '../core/index.js'
import { makeId } from './make-id.js'

it('makes ids that are valid, never the same, and sorted by their time', () => {
  // More than one filling of the pool.
  const ids = Array.from({ length: 1500 }, makeId)

  expect(ids.every(isJobId)).toBe(true)
  expect(new Set(ids).size).toBe(ids.length)
  const times = ids.map((id) => id.slice(0, 13))
  expect(times).toEqual(times.toSorted())
})
