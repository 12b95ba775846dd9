import type { ReactElement } from 'react'
import { isSettled, type JobOf } from 'longhaul'
import { useJob, useJobStream } from 'longhaul/react'
import { arranged, type Proposal } from '../../trips/optimise/proposal.js'
import type { TripPlan } from '../../trips/trip-plan.js'
import { type AboutJob, JobFrame } from '../jobs/job-frame.js'
import { addressOf } from '../shell/use-place.js'
import { BeforeAndAfter } from './before-and-after.js'
import { Decision } from './decision.js'

type Optimisation = JobOf<'ai_optimization'>

/** A search for less driving, while it runs, while it waits for its traveller, and afterwards. */
export function OptimisationPage({ id }: { id: string }): ReactElement {
  const view = useJob<'ai_optimization'>(id)
  return (
    <JobFrame
      view={view}
      noun="search"
      back={{ href: addressOf('optimise'), label: 'All searches' }}
      about={about}
    >
      {(job) => <Found job={job} onDecide={(take) => view.signal('decision', { take })} />}
    </JobFrame>
  )
}

function about(job: Optimisation): AboutJob {
  return {
    title: job.input.name,
    lead: leadOf(job),
    label: 'Looking for less driving',
    action: (
      <a className="button" href={addressOf('trips', job.input.tripId)}>
        Open the trip
      </a>
    ),
  }
}

interface FoundProps {
  readonly job: Optimisation
  readonly onDecide: (take: boolean) => Promise<void>
}

function Found({ job, onDecide }: FoundProps): ReactElement | null {
  const before = useBefore(job.input)
  const { values } = useJobStream<Proposal>(job.id, 'best')
  const best = values.at(-1)
  if (before === undefined) return null
  return (
    <>
      {!isSettled(job.status) && (
        <Decision
          isSearching={job.status !== 'waiting'}
          hasFound={best !== undefined}
          onDecide={onDecide}
        />
      )}
      <BeforeAndAfter
        before={before}
        after={best && { plan: arranged(before, best), figures: best }}
      />
    </>
  )
}

/** What the search began with: the trip, or what an earlier search made of it. */
function useBefore({ tripId, from }: Optimisation['input']): TripPlan | undefined {
  const trip = useJob<'ai_trip_generation'>(from === undefined ? tripId : null)
  const search = useJob<'ai_optimization'>(from)
  return trip.job?.result ?? search.job?.result?.plan ?? undefined
}

function leadOf({ status, result }: Optimisation): string {
  if (status !== 'completed') return 'The same stops, in other days and another order.'
  return outcomes[result.outcome]
}

const outcomes = {
  taken: 'You took it: the trip is shown this way from now on.',
  dropped: 'You left the trip as it was.',
  nothing_better: 'Nothing with less driving was found: the trip is as good as it was.',
} as const
