import { describe, expect, it } from 'vitest'
import { addressOf, placeOf } from './use-place.js'

describe('an address of the studio', () => {
  it('leads to a section, or to one thing in it', () => {
    expect(placeOf('')).toEqual({ section: 'home', id: undefined })
    expect(placeOf(addressOf('home'))).toEqual({ section: 'home', id: undefined })
    expect(placeOf(addressOf('jobs'))).toEqual({ section: 'jobs', id: undefined })
    expect(placeOf(addressOf('trips', '0197-a'))).toEqual({ section: 'trips', id: '0197-a' })
  })

  it('leads nowhere when it is none', () => {
    for (const hash of ['#/nowhere', '#/trips/a/b', '#trips', '#/trips/<script>']) {
      expect(placeOf(hash)).toEqual({ section: 'unknown', id: undefined })
    }
  })
})
