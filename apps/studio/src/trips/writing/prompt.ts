import { countryName } from '../places/country-name.js'
import { direction } from '../places/distance.js'
import { people, roleOf } from './phrases.js'
import type { DayFacts } from './writer.js'

export const instructions = [
  'You write the text of one day in a travel plan: one paragraph of 60 to 120 words, calm and concrete, in English.',
  'Use only the facts below. Do not name sights, streets, restaurants, dishes, history or weather: none of them were checked.',
  'Distances and times are estimates; say "about". No headings, no lists, no greeting.',
].join(' ')

/** The facts of a day, and nothing else: what is not here, the model should not know. */
export function factsAsText(facts: DayFacts): string {
  const { number, days, destination, stops, legs, leave, km, driveMinutes } = facts
  const base = `${destination.name}, ${countryName(destination.country)}`
  if (stops.length === 0) return `Day ${number} of ${days}: a day in ${base}, without a drive.`
  return [
    `Day ${number} of ${days}, from ${base} and back.`,
    `Leave at ${leave}, return around ${facts.return}: about ${km} km and ${driveMinutes} minutes on the road.`,
    ...stops.map((stop, n) => {
      const from = n === 0 ? destination : stops[n - 1]!
      const leg = legs[n]!
      const facets = [
        roleOf(stop),
        people(stop.population),
        stop.coastal ? 'by the sea or an estuary' : '',
        `${leg.km} km and ${leg.minutes} minutes to the ${direction(from, stop)} of ${from.name}`,
        leg.crossing ? 'on another landmass (bridge or ferry not known)' : '',
        `arrive ${stop.arrive}, stay ${stop.visitMinutes} minutes`,
      ]
      return `${n + 1}. ${stop.name}: ${facets.filter(Boolean).join('; ')}.`
    }),
  ].join('\n')
}
