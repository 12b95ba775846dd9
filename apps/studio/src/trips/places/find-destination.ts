import { JobFailure } from 'longhaul'
import type { Atlas } from './atlas.js'
import { isCountryCalled } from './country-name.js'
import type { Place } from './place.js'
import { placeLabel } from './place-label.js'
import { plainName } from './plain-name.js'

export interface Destination {
  readonly place: Place
  /** Other places of the same name, the largest first: one of these may have been meant. */
  readonly namesakes: readonly Place[]
}

const mostNamesakes = 3
const mostSuggestions = 3

/**
 * The place that a traveller means by `Lisbon`, `Malaga` or `Portland, Oregon`: of several, the largest.
 *
 * @throws {JobFailure} `destination_not_found`, with suggestions in its context
 */
export function findDestination(atlas: Atlas, asked: string): Destination {
  const found = readings(asked)
    .map(({ name, hints }) => matching(atlas, name, hints))
    .find((matches) => matches.length > 0)
  if (found === undefined) throw notFound(atlas, asked)
  const [place, ...others] = found
  const namesakes = others.filter(
    ({ region, country }) => region !== place!.region || country !== place!.country,
  )
  return { place: place!, namesakes: distinct(namesakes).slice(0, mostNamesakes) }
}

/** How the words can be meant: `Lisbon Portugal` is a place called so, or Lisbon in Portugal. */
function readings(asked: string): { name: string; hints: string[] }[] {
  const [name = '', ...hints] = asked.split(',').map((part) => part.trim())
  if (hints.length > 0) return [{ name, hints: hints.filter((hint) => hint !== '') }]
  const words = name.split(/\s+/)
  const split = words.slice(1).map((_, n) => {
    const count = words.length - 1 - n
    return { name: words.slice(0, count).join(' '), hints: [words.slice(count).join(' ')] }
  })
  return [{ name, hints: [] }, ...split]
}

function matching({ names, places }: Atlas, name: string, hints: readonly string[]): Place[] {
  const plainHints = hints.map(plainName)
  return names
    .find(name)
    .map((index) => places.at(index))
    .filter((place) => plainHints.every((hint) => liesIn(place, hint)))
}

function liesIn({ country, region, regionCode }: Place, plainHint: string): boolean {
  if (isCountryCalled(country, plainHint)) return true
  return (
    plainName(region) === plainHint || regionCode.toLowerCase() === plainHint.replaceAll(' ', '')
  )
}

function notFound(atlas: Atlas, asked: string): JobFailure {
  const [name = '', ...hints] = asked.split(',').map((part) => part.trim())
  const namesakes = distinct(matching(atlas, name, [])).slice(0, mostSuggestions)
  const similar = atlas.names
    .findSimilar(name, mostSuggestions)
    .map((index) => atlas.places.at(index))
  const suggestions = (namesakes.length > 0 ? namesakes : distinct(similar)).map(placeLabel)
  const where = hints.length > 0 && namesakes.length > 0 ? ` in ${hints.join(', ')}` : ''
  const place = where === '' ? asked : name
  return new JobFailure(
    `No place called “${place}”${where} was found, so there is nothing to plan. ${remedy(suggestions)}`,
    {
      code: 'destination_not_found',
      retryable: false,
      context: { destination: asked, suggestions },
    },
  )
}

function remedy(suggestions: readonly string[]): string {
  if (suggestions.length === 0) return 'Check the spelling, or name a larger town nearby.'
  const last = suggestions.at(-1)!
  const list = suggestions.length === 1 ? last : `${suggestions.slice(0, -1).join('; ')} or ${last}`
  return `Did you mean ${list}?`
}

/** The first of each name, region and country. */
function distinct(places: readonly Place[]): Place[] {
  const labels = places.map(placeLabel)
  return places.filter((_, n) => labels.indexOf(labels[n]!) === n)
}
