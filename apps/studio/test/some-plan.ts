import { attribution } from '../src/trips/attribution.js'
import type { PlanPlace, PlanStop, TripPlan } from '../src/trips/trip-plan.js'

const base: PlanPlace = {
  name: 'São Tomé',
  country: 'ST',
  region: '',
  latitude: 0.34,
  longitude: 6.73,
  population: 71_900,
  role: 'capital',
  coastal: true,
}

const stop = (name: string, latitude: number, longitude: number, arrive: string): PlanStop => ({
  ...base,
  name,
  latitude,
  longitude,
  role: 'place',
  population: 2000,
  arrive,
  visitMinutes: 60,
})

/** One day, small enough to be read. */
export const somePlan: TripPlan = {
  destination: base,
  namesakes: [],
  preferences: { style: 'balanced', budget: 'medium', interests: [], unused: [] },
  radiusKm: 60,
  considered: 12,
  days: [
    {
      number: 1,
      date: '2027-05-30',
      text: 'Along the coast.',
      leave: '09:00',
      stops: [
        stop('Guadalupe; the village', 0.38, 6.64, '09:35'),
        stop('Neves', 0.36, 6.55, '11:00'),
      ],
      legs: [],
      return: '13:00',
      km: 54,
      driveMinutes: 90,
      visitMinutes: 120,
      considered: 6,
      compared: 40,
    },
  ],
  totals: { km: 54, driveMinutes: 90, stops: 2 },
  map: { west: 6, south: 0, east: 7, north: 1, land: [] },
  writer: { kind: 'offline', model: null },
  attribution,
}
