import type { Job, JobOf, JobTypeName } from 'longhaul'
import { addressOf, type Section } from '../shell/use-place.js'
import { asTrip } from '../trips/trip.js'

interface Words {
  /** The type of the job, as people call it. */
  readonly name: string
  /** What one job of it is called. */
  readonly label: (job: Job) => string
  /** Where its page is. */
  readonly section: Section
  /** One page shows what all of them made. */
  readonly isShared?: boolean
}

export const jobTypes: Readonly<Record<JobTypeName, Words>> = {
  ai_trip_generation: {
    name: 'Trips',
    label: (job) => {
      const { input, result } = asTrip(job)
      return `Trip to ${result?.destination.name ?? input.destination}`
    },
    section: 'trips',
  },
  ai_optimization: {
    name: 'Less driving',
    label: (job) => `Less driving: ${(job as JobOf<'ai_optimization'>).input.name}`,
    section: 'optimise',
  },
  ai_research: {
    name: 'Research',
    label: (job) => (job as JobOf<'ai_research'>).input.question,
    section: 'research',
  },
  ai_proxy: {
    name: 'Goals',
    label: (job) => (job as JobOf<'ai_proxy'>).input.input,
    section: 'goals',
    isShared: true,
  },
}

export function jobLabel(job: Job): string {
  return wordsOf(job)?.label(job) ?? job.type
}

/** The page that shows what the job made. */
export function jobAddress(job: Job): string {
  const { section = 'jobs', isShared = false } = wordsOf(job) ?? {}
  return isShared ? addressOf(section) : addressOf(section, job.id)
}

export function wordsOf({ type }: Job): Words | undefined {
  return Object.hasOwn(jobTypes, type) ? jobTypes[type as JobTypeName] : undefined
}
