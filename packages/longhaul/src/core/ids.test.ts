import { expect, it } from 'vitest'
import { isJobId, uuidV7 } from './ids.js'

const random = (): Uint8Array => crypto.getRandomValues(new Uint8Array(10))

it('makes ids that sort by their time and never repeat', () => {
  const ids = Array.from({ length: 1000 }, (_, n) => uuidV7(1_700_000_000_000 + n, random()))
  expect(ids.every(isJobId)).toBe(true)
  expect([...ids].sort()).toEqual(ids)
  expect(new Set(Array.from({ length: 1000 }, () => uuidV7(0, random()))).size).toBe(1000)
})

it.each([
  '',
  '0',
  '../x',
  'a'.repeat(10_000),
  '00000000-0000-0000-0000-000000000000',
  '%00',
  null,
  7,
  ['0190a1b2-0000-7000-8000-000000000000'],
  '0190A1B2-0000-7000-8000-000000000000',
])('does not take %j for an id', (value) => {
  expect(isJobId(value)).toBe(false)
})
