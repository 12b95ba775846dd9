import type { Job, JobOf, JobTypeName } from 'longhaul'
import type { ChatRequest } from 'longhaul/ai/server'
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
  /** What the page shows, when that is not the job. */
  readonly idOf?: (job: Job) => string
  /** The page shows many things, so news of one of them is told there too. */
  readonly isToldThere?: boolean
}

function ofContact(name: string, label: string): Words {
  return {
    name,
    label: () => label,
    section: 'contacts',
    idOf: ({ input }) => (input as JobOf<'contact_follow_up'>['input']).contactId,
    isToldThere: true,
  }
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
  ai_trip_comparison: {
    name: 'Comparisons',
    label: (job) => `Compare ${(job as JobOf<'ai_trip_comparison'>).input.destinations.join(', ')}`,
    section: 'compare',
  },
  ai_concierge_query: {
    name: 'Chat answers',
    label: (job) => `Answer: ${questionOf(job)}`,
    section: 'chat',
    idOf: ({ input }) => (input as ChatRequest).chatId,
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
  contact_follow_up: ofContact('Follow-ups', 'Draft a follow-up'),
  contact_summary: ofContact('Summaries of talks', 'Summarise the talks'),
  contact_slots: ofContact('Slots for talks', 'Find a slot'),
}

export function jobLabel(job: Job): string {
  return wordsOf(job)?.label(job) ?? job.type
}

/** The page that shows what the job made. */
export function jobAddress(job: Job): string {
  const { section = 'jobs', isShared = false, idOf = jobId } = wordsOf(job) ?? {}
  return isShared ? addressOf(section) : addressOf(section, idOf(job))
}

export function wordsOf({ type }: Job): Words | undefined {
  return Object.hasOwn(jobTypes, type) ? jobTypes[type as JobTypeName] : undefined
}

function questionOf({ input }: Job): string {
  const { parts = [] } = (input as ChatRequest).messages.at(-1) ?? {}
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('')
}

function jobId({ id }: Job): string {
  return id
}
