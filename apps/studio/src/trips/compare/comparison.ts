import { z } from 'zod'
import { maxDays } from '../request/trip-dates.js'

/** What is asked for: the trips themselves are the items of the batch. */
export const comparisonRequest = z.strictObject({
  destinations: z.array(z.string().trim().min(1).max(120)).min(2).max(8),
  days: z.int().min(1).max(maxDays),
})

export type ComparisonRequest = z.infer<typeof comparisonRequest>

export const comparison = z.object({
  /** Those with the least driving for each stop first. */
  trips: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      country: z.string(),
      stops: z.number(),
      km: z.number(),
      driveMinutes: z.number(),
    }),
  ),
  /** Those that could not be planned, and why. */
  unplanned: z.array(z.object({ id: z.string(), name: z.string(), why: z.string() })),
})

export type Comparison = z.infer<typeof comparison>
