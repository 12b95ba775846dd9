import { describe, expect, it } from 'vitest'
import { loadAtlas } from './atlas.js'
import { findDestination } from './find-destination.js'
import { placeLabel } from './place-label.js'

const atlas = await loadAtlas()

function found(asked: string): string {
  return placeLabel(findDestination(atlas, asked).place)
}

function failureOf(asked: string): unknown {
  try {
    return findDestination(atlas, asked)
  } catch (error) {
    return error
  }
}

describe('a destination', () => {
  it.each([
    ['Lisbon', 'Lisbon, Portugal'],
    ['  lisbon ', 'Lisbon, Portugal'],
    ['Lisboa', 'Lisbon, Portugal'],
    ['malaga', 'Málaga, Andalusia, Spain'],
    ['München', 'Munich, Bavaria, Germany'],
    ['St. Malo', 'Saint-Malo, Brittany, France'],
    ['San Sebastian', 'Donostia / San Sebastián, Basque Country, Spain'],
  ])('is found as %s: its accents, capitals and language do not matter', (asked, label) => {
    expect(found(asked)).toBe(label)
  })

  it.each([
    ['Portland', 'Portland, Oregon, United States'],
    ['Portland, Maine', 'Portland, Maine, United States'],
    ['portland me', 'Portland, Maine, United States'],
    ['Portland, UK', 'Portland, England, United Kingdom'],
    ['Paris', 'Paris, Île-de-France, France'],
    ['Paris, Texas', 'Paris, Texas, United States'],
  ])('is the largest of its name, unless more is said: %s', (asked, label) => {
    expect(found(asked)).toBe(label)
  })

  it('has its namesakes named, the largest first, each as it can be typed', () => {
    const { namesakes } = findDestination(atlas, 'Portland')
    expect(namesakes.map(placeLabel)).toEqual([
      'Portland, Maine, United States',
      'Portland, Texas, United States',
      'Portland, England, United Kingdom',
    ])
    for (const label of namesakes.map(placeLabel)) expect(found(label)).toBe(label)
    expect(findDestination(atlas, 'Portland, Oregon').namesakes).toEqual([])
  })

  it.each([
    ['Lisbno', 'Lisbon, Portugal'],
    ['Barselona', 'Barcelona, Catalonia, Spain'],
    ['Brelin', 'Berlin, State of Berlin, Germany'],
  ])('that is misspelled as %s is not guessed but suggested', (asked, suggestion) => {
    const failure = failureOf(asked)
    expect(failure).toMatchObject({
      code: 'destination_not_found',
      retryable: false,
      message: expect.stringContaining(`Did you mean ${suggestion}`),
      context: { destination: asked, suggestions: expect.arrayContaining([suggestion]) },
    })
  })

  it('that lies elsewhere than was said is suggested where it lies', () => {
    expect(failureOf('Paris, Spain')).toMatchObject({
      message: expect.stringContaining('No place called “Paris” in Spain was found'),
      context: { suggestions: expect.arrayContaining(['Paris, Île-de-France, France']) },
    })
  })

  it.each(['Nowhereville-xq', 'a', '…', ', Portugal'])(
    'that is nothing like a place fails without a guess: %s',
    (asked) => {
      expect(failureOf(asked)).toMatchObject({
        code: 'destination_not_found',
        message: expect.stringContaining('Check the spelling'),
        context: { suggestions: [] },
      })
    },
  )
})
