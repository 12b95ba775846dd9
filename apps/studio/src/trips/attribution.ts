import type { TripPlan } from './trip-plan.js'

/** Who made the data, as their licences ask. See data/LICENSE.md. */
export const attribution: TripPlan['attribution'] = [
  {
    what: 'Places: GeoNames, CC BY 4.0',
    who: 'GeoNames',
    url: 'https://www.geonames.org',
  },
  {
    what: 'Coastlines: Natural Earth, public domain',
    who: 'Natural Earth',
    url: 'https://www.naturalearthdata.com',
  },
]
