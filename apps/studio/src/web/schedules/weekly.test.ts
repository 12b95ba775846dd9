import { expect, it } from 'vitest'
import { cronInWords, weeklyCron } from './weekly.js'

it('says in words what it has made, and shows what others made as it is', () => {
  expect(weeklyCron('1', '08:05')).toBe('5 8 * * 1')
  expect(cronInWords('5 8 * * 1')).toBe('Every Monday at 08:05')
  expect(cronInWords('0 0 * * 0')).toBe('Every Sunday at 00:00')
  expect(cronInWords('*/10 * * * *')).toBe('At */10 * * * *')
})
