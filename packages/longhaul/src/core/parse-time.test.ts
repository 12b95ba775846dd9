import { expect, it } from 'vitest'
import { parseTime } from './parse-time.js'

it.each([
  ['2026-03-29T10:15:30.123Z', Date.UTC(2026, 2, 29, 10, 15, 30, 123)],
  ['2026-03-29T10:15+02:00', Date.UTC(2026, 2, 29, 8, 15)],
  ['2028-02-29T00:00:00z', Date.UTC(2028, 1, 29)],
])('reads %s', (text, time) => {
  expect(parseTime(text)).toBe(time)
  expect(parseTime(new Date(time))).toBe(time)
})

it.each([
  ['a day that no calendar has', '2026-02-30T10:00:00Z'],
  ['a leap day in another year', '2026-02-29T10:00:00Z'],
  ['a month that no year has', '2026-13-01T10:00:00Z'],
  ['an hour that no day has', '2026-02-01T24:00:00Z'],
  ['no offset', '2026-02-01T10:00:00'],
  ['no time of day', '2026-02-01'],
  ['an offset that no place has', '2026-02-01T10:00:00+99:00'],
  ['nothing', ''],
  ['a Date that is none', new Date(Number.NaN)],
])('refuses %s', (_, value) => expect(parseTime(value)).toBeUndefined())
