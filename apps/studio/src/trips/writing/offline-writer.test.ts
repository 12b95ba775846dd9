import { describe, expect, it } from 'vitest'
import type { PlanStop } from '../trip-plan.js'
import { describeDay } from './offline-writer.js'
import type { DayFacts } from './writer.js'

const lisbon: DayFacts['destination'] = {
  name: 'Lisbon',
  country: 'PT',
  region: 'Lisbon',
  latitude: 38.72,
  longitude: -9.13,
  population: 518_000,
  role: 'capital',
  coastal: true,
}

const setubal: PlanStop = {
  ...lisbon,
  name: 'Setúbal',
  region: 'Setúbal',
  latitude: 38.52,
  longitude: -8.89,
  population: 117_000,
  role: 'region_seat',
  arrive: '09:50',
  visitMinutes: 90,
}

const day: DayFacts = {
  number: 1,
  days: 3,
  destination: lisbon,
  leave: '09:00',
  stops: [setubal],
  legs: [
    { from: 'Lisbon', to: 'Setúbal', km: 39, minutes: 50, crossing: true },
    { from: 'Setúbal', to: 'Lisbon', km: 39, minutes: 50, crossing: true },
  ],
  return: '12:10',
  km: 78,
  driveMinutes: 100,
  visitMinutes: 90,
  considered: 18,
  compared: 500,
}

describe('the offline writer', () => {
  it('says what the facts say, and where to look further', () => {
    expect(describeDay(day)).toBe(
      'Today leads south-east of Lisbon, to Setúbal: about 78 km and 1 h 40 min on the road. ' +
        'Setúbal has about 117,000 people. Setúbal is the seat of its region. Setúbal lies by the water. ' +
        'Leave at 09:00 to be back in Lisbon around 12:10. ' +
        'Lisbon to Setúbal and Setúbal to Lisbon goes over water: look up the bridge or the ferry.',
    )
  })

  it('has something to say of a day without stops', () => {
    expect(describeDay({ ...day, stops: [], legs: [], km: 0 })).toContain('stays in Lisbon')
  })

  it('begins the days in different words', () => {
    const openings = [1, 2, 3].map((number) => describeDay({ ...day, number }).split(' ')[0])
    expect(new Set(openings).size).toBe(3)
  })
})
