import { offline } from '../../model/written-by.js'
import { direction, distanceKm } from '../places/distance.js'
import { duration, list, people, roleOf } from './phrases.js'
import type { DayFacts, Writer } from './writer.js'

/** Puts the facts of a day into sentences, without a language model. It says nothing that is not in them. */
export const offlineWriter: Writer = {
  about: offline,
  writeDay: (job, stepName, facts) => job.step(stepName, () => describeDay(facts)),
}

export function describeDay(facts: DayFacts): string {
  const { destination, stops } = facts
  if (stops.length === 0) {
    return `This day stays in ${destination.name}: the place data holds nothing more for it within reach.`
  }
  return [opening(facts), ...sizes(facts), ...roles(facts), ...byWater(facts), ...ways(facts)].join(
    ' ',
  )
}

function opening(facts: DayFacts): string {
  const { number, stops, km, driveMinutes, destination } = facts
  const names = list(stops.map(({ name }) => name))
  const where = heading(facts)
  const road = `about ${km} km and ${duration(driveMinutes)} on the road`
  const openings = [
    `Today leads ${where}, to ${names}: ${road}.`,
    `A round ${where} takes in ${names}, ${road} in all.`,
    `From ${destination.name} the day goes ${where}, through ${names}; count on ${road}.`,
  ]
  return openings[(number - 1) % openings.length]!
}

/** `north-west of Lisbon` when the stops lie to one side of it, `around Lisbon` when they do not. */
function heading({ destination, stops }: DayFacts): string {
  const directions = new Set(stops.map((stop) => direction(destination, stop)))
  const middle = {
    latitude: mean(stops.map(({ latitude }) => latitude)),
    longitude: mean(stops.map(({ longitude }) => longitude)),
  }
  const isOneSide = directions.size <= 2 && distanceKm(destination, middle) > 3
  return isOneSide
    ? `${direction(destination, middle)} of ${destination.name}`
    : `around ${destination.name}`
}

function sizes({ stops }: DayFacts): string[] {
  const [first] = stops
  if (stops.length === 1) return [`${first!.name} has ${people(first!.population)}.`]
  const bySize = stops.toSorted((a, b) => b.population - a.population)
  const [largest, smallest] = [bySize[0]!, bySize.at(-1)!]
  if (largest.population === smallest.population) return []
  return [
    `The largest of them is ${largest.name}, with ${people(largest.population)}; the smallest is ${smallest.name}, with ${people(smallest.population)}.`,
  ]
}

function roles({ stops }: DayFacts): string[] {
  const told = stops.filter(({ role }) => role === 'capital' || role === 'region_seat')
  return told.length === 0
    ? []
    : [`${list(told.map((stop) => `${stop.name} is ${roleOf(stop)}`))}.`]
}

function byWater({ stops }: DayFacts): string[] {
  const coastal = stops.filter((stop) => stop.coastal).map(({ name }) => name)
  if (coastal.length === 0) return []
  if (coastal.length === stops.length && coastal.length > 2) return ['Every stop is by the water.']
  return [`${list(coastal)} ${coastal.length === 1 ? 'lies' : 'lie'} by the water.`]
}

function ways({ stops, legs, leave, return: back, destination }: DayFacts): string[] {
  const longest = legs.reduce((best, leg) => (leg.km > best.km ? leg : best))
  const crossings = legs.filter(({ crossing }) => crossing)
  return [
    `Leave at ${leave} to be back in ${destination.name} around ${back}.`,
    ...(stops.length > 1
      ? [`The longest stretch is ${longest.km} km, from ${longest.from} to ${longest.to}.`]
      : []),
    ...(crossings.length > 0
      ? [
          `${list([...new Set(crossings.map(({ from, to }) => `${from} to ${to}`))])} goes over water: look up the bridge or the ferry.`,
        ]
      : []),
  ]
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0) / numbers.length
}
