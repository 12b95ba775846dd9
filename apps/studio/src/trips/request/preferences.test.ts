import { describe, expect, it } from 'vitest'
import { readPreferences } from './preferences.js'
import { tripRequest } from './trip-request.js'

describe('preferences', () => {
  it('have defaults', () => {
    const usual = { style: 'balanced', budget: 'medium', interests: [], unused: [] }
    expect(readPreferences()).toEqual(usual)
    expect(readPreferences({})).toEqual(usual)
  })

  it('are understood in the words of travellers', () => {
    expect(
      readPreferences({
        style: 'Slow',
        budget: ' cheap',
        interests: ['beaches', 'sea', 'City life'],
      }),
    ).toEqual({ style: 'relaxed', budget: 'low', interests: ['coast', 'cities'], unused: [] })
  })

  it('that mean nothing to the place data are named, not swallowed', () => {
    expect(
      readPreferences({
        style: 'gothic',
        budget: 'low',
        interests: ['food', 'coast', 'constructor'],
      }),
    ).toEqual({
      style: 'balanced',
      budget: 'low',
      interests: ['coast'],
      unused: ['gothic', 'food', 'constructor'],
    })
  })
})

describe('a request for a trip', () => {
  const request = { destination: 'Lisbon', dates: { duration: 4 } }

  it('needs a destination and dates, and no preferences', () => {
    expect(tripRequest.parse(request)).toEqual(request)
    expect(tripRequest.parse({ ...request, destination: ' Lisbon ' })).toEqual(request)
  })

  it.each<[string, object]>([
    ['no destination', { dates: { duration: 4 } }],
    ['an empty destination', { ...request, destination: '  ' }],
    ['a destination of 121 letters', { ...request, destination: 'x'.repeat(121) }],
    ['dates that are wrong', { ...request, dates: { duration: 99 } }],
    ['a field that does not exist', { ...request, travellers: 2 }],
    ['too many interests', { ...request, preferences: { interests: Array(13).fill('sea') } }],
    ['an interest without letters', { ...request, preferences: { interests: [' '] } }],
  ])('with %s is refused', (_, wrong) => {
    expect(tripRequest.safeParse(wrong).success).toBe(false)
  })
})
