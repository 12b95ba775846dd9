import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays, datesOfDays, daysBetween, daysOf, isDay, problemOfDates } from './trip-dates.js'

const day = fc
  .integer({ min: Date.UTC(2000, 0, 1) / 86_400_000, max: Date.UTC(2099, 11, 31) / 86_400_000 })
  .map((days) => new Date(days * 86_400_000).toISOString().slice(0, 10))

describe('the dates of a trip', () => {
  it('count the first and the last day', () => {
    expect(daysBetween('2027-05-31', '2027-06-01')).toBe(2)
    expect(daysOf({ start: '2027-05-30', end: '2027-05-30' })).toBe(1)
    expect(daysOf({ duration: 4 })).toBe(4)
  })

  it('go over the ends of months and years, and over the change of the clocks', () => {
    expect(datesOfDays({ start: '2027-12-30', end: '2028-01-02' })).toEqual([
      '2027-12-30',
      '2027-12-31',
      '2028-01-01',
      '2028-01-02',
    ])
    expect(datesOfDays({ start: '2027-03-27', end: '2027-03-29' })).toHaveLength(3)
    expect(datesOfDays({ duration: 2 })).toEqual([null, null])
  })

  it('can be counted forth and back', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: 0, max: 13 }), (start, more) => {
        const end = addDays(start, more)
        expect(isDay(end)).toBe(true)
        expect(daysBetween(start, end)).toBe(more + 1)
        expect(problemOfDates({ start, end })).toBeUndefined()
        expect(datesOfDays({ start, end })).toHaveLength(more + 1)
      }),
    )
  })

  it.each<[string, unknown, string]>([
    ['nothing', null, 'Give either'],
    ['both ways at once', { duration: 3, start: '2027-01-01' }, 'Give either'],
    ['unknown fields', { duration: 3, nights: 2 }, 'Give either'],
    ['no days', { duration: 0 }, 'from 1 to 14'],
    ['half days', { duration: 1.5 }, 'whole number'],
    ['a number in words', { duration: '4' }, 'whole number'],
    ['too many days', { duration: 15 }, 'from 1 to 14'],
    ['one end only', { start: '2027-01-01' }, 'the first and the last day'],
    ['a day that is none', { start: '2027-02-29', end: '2027-03-01' }, 'as dates'],
    ['a moment in place of a day', { start: '2027-02-01T00:00Z', end: '2027-03-01' }, 'as dates'],
    [
      'the ends the wrong way round',
      { start: '2027-05-02', end: '2027-05-01' },
      'before the first',
    ],
    ['more than a fortnight', { start: '2027-05-01', end: '2027-05-15' }, 'at most 14 days'],
  ])('that say %s are refused with what is wrong', (_, dates, said) => {
    expect(problemOfDates(dates)).toContain(said)
  })
})
