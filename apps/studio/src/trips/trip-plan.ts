import { z } from 'zod'
import { writtenBy } from '../model/written-by.js'
import { budgets, interests, styles } from './request/preferences.js'

const role = z.enum(['capital', 'region_seat', 'district_seat', 'local_seat', 'quarter', 'place'])

const planPlace = z.object({
  name: z.string(),
  country: z.string(),
  region: z.string(),
  latitude: z.number(),
  longitude: z.number(),
  population: z.number(),
  role,
  coastal: z.boolean(),
})

const planStop = planPlace.extend({
  /** Local time, 24 hours: `10:05`. */
  arrive: z.string(),
  visitMinutes: z.number(),
})

const planLeg = z.object({
  from: z.string(),
  to: z.string(),
  km: z.number(),
  minutes: z.number(),
  /** Between two landmasses: by bridge, tunnel or ferry, the data does not say. */
  crossing: z.boolean(),
})

const planRoute = z.object({
  leave: z.string(),
  stops: z.array(planStop),
  /** From the destination to each stop and back: one more than there are stops, or none. */
  legs: z.array(planLeg),
  return: z.string(),
  km: z.number(),
  driveMinutes: z.number(),
  visitMinutes: z.number(),
  /** Among how many places the route could choose, and how many rounds were compared. */
  considered: z.number(),
  compared: z.number(),
})

const planDay = planRoute.extend({
  number: z.number(),
  date: z.string().nullable(),
  text: z.string(),
})

const keysOf = <Key extends string>(words: Readonly<Record<Key, unknown>>): Key[] =>
  Object.keys(words) as Key[]

/** Everything that the page of a trip shows. */
export const tripPlan = z.object({
  destination: planPlace,
  /** Other places of that name, as they can be typed. */
  namesakes: z.array(z.string()),
  preferences: z.object({
    style: z.enum(keysOf(styles)),
    budget: z.enum(keysOf(budgets)),
    interests: z.array(z.enum(keysOf(interests))).readonly(),
    unused: z.array(z.string()).readonly(),
  }),
  radiusKm: z.number(),
  considered: z.number(),
  days: z.array(planDay),
  totals: z.object({ km: z.number(), driveMinutes: z.number(), stops: z.number() }),
  map: z.object({
    west: z.number(),
    south: z.number(),
    east: z.number(),
    north: z.number(),
    /** Rings of longitudes and latitudes in turn; what an even number of them holds is water. */
    land: z.array(z.array(z.number())),
  }),
  writer: writtenBy,
  attribution: z.array(z.object({ what: z.string(), who: z.string(), url: z.string() })),
})

export type TripPlan = z.infer<typeof tripPlan>
export type PlanPlace = z.infer<typeof planPlace>
export type PlanStop = z.infer<typeof planStop>
export type PlanLeg = z.infer<typeof planLeg>
export type PlanRoute = z.infer<typeof planRoute>
export type PlanDay = z.infer<typeof planDay>

export function totalsOf(
  routes: readonly Pick<PlanRoute, 'km' | 'driveMinutes' | 'stops'>[],
): TripPlan['totals'] {
  return routes.reduce(
    ({ km, driveMinutes, stops }, route) => ({
      km: km + route.km,
      driveMinutes: driveMinutes + route.driveMinutes,
      stops: stops + route.stops.length,
    }),
    { km: 0, driveMinutes: 0, stops: 0 },
  )
}
