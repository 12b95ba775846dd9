import { z } from 'zod'
import { tripPlan } from '../trip-plan.js'

export const optimisationRequest = z.strictObject({
  tripId: z.string().min(1).max(64),
  /** An earlier search whose arrangement was taken: this one goes on from there. */
  from: z.string().min(1).max(64).optional(),
  /** What the trip is called in lists. */
  name: z.string().min(1).max(200),
  /** How long the search may take. */
  seconds: z.number().min(1).max(120),
})

export type OptimisationRequest = z.infer<typeof optimisationRequest>

const figures = z.object({ km: z.number(), driveMinutes: z.number() })

export type Figures = z.infer<typeof figures>

export const optimisationResult = z.object({
  outcome: z.enum(['taken', 'dropped', 'nothing_better']),
  before: figures,
  after: figures,
  /** What the trip is from now on, when the result was taken. */
  plan: tripPlan.nullable(),
})

export const decision = z.object({ take: z.boolean() })
