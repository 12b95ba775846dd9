import { describe, expect, it } from 'vitest'
import { intentOf } from './intent.js'

describe('the offline assistant', () => {
  it.each([
    [
      'Six towns near Lisbon by the sea',
      { kind: 'find_places', near: 'Lisbon', count: 6, interests: ['coast', 'towns'] },
    ],
    [
      'Tell me about 20 towns near Portland, Oregon!',
      { kind: 'find_places', near: 'Portland, Oregon', count: 20, interests: ['towns'] },
    ],
    ['Plan a trip to Porto for 3 days', { kind: 'plan_trip', destination: 'Porto', days: 3 }],
    ['plan a week in são paulo', { kind: 'plan_trip', destination: 'são paulo', days: 7 }],
    ['How are my trips?', { kind: 'my_trips' }],
    ['Hello', { kind: 'unknown' }],
  ])('takes “%s” for what it says', (text, intent) => {
    expect(intentOf(text)).toEqual(intent)
  })
})
