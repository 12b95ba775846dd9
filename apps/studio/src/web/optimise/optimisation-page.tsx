import type { ReactElement } from 'react'
import { isSettled, type JobOf } from 'longhaul'
import { ProgressTracker, useJob, useJobStream } from 'longhaul/react'
import { arranged, type Proposal } from '../../trips/optimise/proposal.js'
import { NotFoundPage } from '../shell/not-found-page.js'
import { PageHeading } from '../shell/page-heading.js'
import { addressOf } from '../shell/use-place.js'
import { BeforeAndAfter } from './before-and-after.js'
import { Decision } from './decision.js'

type Optimisation = JobOf<'ai_optimization'>

/** A search for less driving, while it runs, while it waits for its traveller, and afterwards. */
export function OptimisationPage({ id }: { id: string }): ReactElement {
  const view = useJob<'ai_optimization'>(id)
  const { job } = view
  if (view.status === 'not_found') {
    return (
      <NotFoundPage
        title="There is no such search"
        why="It was removed, it has expired, or it belongs to somebody else."
      />
    )
  }
  return (
    <>
      <a className="back back-always" href={addressOf('optimise')}>
        All searches
      </a>
      {job === undefined ? (
        <p className="page-note" role="status" aria-label="Loading the search" />
      ) : (
        <article>
          <title>{`${job.input.name}, less driving · Longhaul Studio`}</title>
          <header className="page-head page-head-with-action">
            <div>
              <PageHeading>{job.input.name}</PageHeading>
              <p className="lead">{leadOf(job)}</p>
            </div>
            <a className="button" href={addressOf('trips', job.input.tripId)}>
              Open the trip
            </a>
          </header>
          <h2 className="visually-hidden">Progress</h2>
          <div className="trip-progress">
            <ProgressTracker
              job={job}
              label="Looking for less driving"
              onCancel={view.cancel}
              onRetry={view.retry}
              showDetails="closed"
            />
          </div>
          <Found job={job} onDecide={(take) => view.signal('decision', { take })} />
        </article>
      )}
    </>
  )
}

interface FoundProps {
  readonly job: Optimisation
  readonly onDecide: (take: boolean) => Promise<void>
}

function Found({ job, onDecide }: FoundProps): ReactElement | null {
  const trip = useJob<'ai_trip_generation'>(job.input.tripId)
  const { values } = useJobStream<Proposal>(job.id, 'best')
  const best = values.at(-1)
  const plan = trip.job?.result
  if (plan === undefined || plan === null) return null
  return (
    <>
      {!isSettled(job.status) && (
        <Decision
          isSearching={job.status !== 'waiting'}
          hasFound={best !== undefined}
          onDecide={onDecide}
        />
      )}
      <BeforeAndAfter before={plan} after={best && { plan: arranged(plan, best), figures: best }} />
    </>
  )
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
