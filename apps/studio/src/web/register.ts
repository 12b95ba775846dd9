import type { JobTypesOf } from 'longhaul'
import type {
  createFollowUps,
  createSlotSearches,
  createSummaries,
} from '../contacts/contact-agents.js'
import type { createAiProxy } from '../goals/ai-proxy-job.js'
import type { createResearch } from '../research/research-job.js'
import type { createConcierge } from '../trips/concierge/concierge.js'
import type { tripComparison } from '../trips/compare/trip-comparison.js'
import type { createTripOptimisation } from '../trips/optimise/trip-optimisation.js'
import type { createTripGeneration } from '../trips/trip-generation.js'

type Jobs = [
  ReturnType<typeof createTripGeneration>,
  ReturnType<typeof createTripOptimisation>,
  typeof tripComparison,
  ReturnType<typeof createResearch>,
  ReturnType<typeof createAiProxy>,
  ReturnType<typeof createFollowUps>,
  ReturnType<typeof createSummaries>,
  ReturnType<typeof createSlotSearches>,
  ReturnType<typeof createConcierge>,
]

// What the hooks take and give follows from the definition of the job.
declare module 'longhaul' {
  interface Register {
    longhaul: { readonly types: JobTypesOf<Jobs> }
  }
}
