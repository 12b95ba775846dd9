import type { JobTypesOf } from 'longhaul'
import type { createTripGeneration } from '../trips/trip-generation.js'

type Jobs = [ReturnType<typeof createTripGeneration>]

// What the hooks take and give follows from the definition of the job.
declare module 'longhaul' {
  interface Register {
    longhaul: { readonly types: JobTypesOf<Jobs> }
  }
}
