import { z } from 'zod'
import { problemOfDates, type TripDates } from './trip-dates.js'

/** A word of the traveller's own: what it does to the plan, if anything, the plan says. */
const word = z.string().trim().min(1).max(40)

/** What is asked for. The words for style, budget and interests are free; `readPreferences` says which count. */
export const tripRequest = z.strictObject({
  destination: z.string().trim().min(1).max(120).describe('a town: Lisbon, or Portland, Oregon'),
  dates: z.custom<TripDates>(
    (dates) => problemOfDates(dates) === undefined,
    // The check refused it, so there is a problem.
    { error: ({ input }) => problemOfDates(input)! },
  ),
  preferences: z
    .strictObject({
      style: word.optional(),
      budget: word.optional(),
      interests: z.array(word).max(12).readonly().optional(),
    })
    .optional(),
})

export type TripRequest = z.infer<typeof tripRequest>
