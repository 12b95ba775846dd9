import { type FormEvent, type ReactElement, useState } from 'react'
import { JobList, useCreateJob, useJobs, useLonghaulClient } from 'longhaul/react'
import { tagOf } from '../../trips/optimise/proposal.js'
import { Choices } from '../controls/choices.js'
import { jobLabel } from '../jobs/job-words.js'
import { PageHeading } from '../shell/page-heading.js'
import { addressOf, goTo } from '../shell/use-place.js'
import { asTrip, type TripJob } from '../trips/trip.js'
import { useTakenPlan } from '../trips/use-taken-plan.js'
import { countOf } from '../trips/trip-words.js'

const budgets = [
  { value: '5', label: '5 seconds' },
  { value: '15', label: '15 seconds' },
  { value: '60', label: 'A minute' },
]

/** Choose a trip and how long to look for a shorter one; and what was looked for before. */
export function OptimisePage(): ReactElement {
  return (
    <>
      <title>Optimise · Longhaul Studio</title>
      <header className="page-head">
        <PageHeading>Less driving</PageHeading>
        <p className="lead">
          The stops of a finished trip in other days and another order. Take what is found, or leave
          the trip as it was.
        </p>
      </header>
      <OptimiseForm />
      <h2 className="section-head">Earlier searches</h2>
      <JobList
        filter={{ type: ['ai_optimization'] }}
        labelOf={jobLabel}
        hrefOf={({ id }) => addressOf('optimise', id)}
      />
    </>
  )
}

function OptimiseForm(): ReactElement {
  const { jobs, isLoading } = useJobs(
    { type: ['ai_trip_generation'], status: ['completed'] },
    { limit: 100 },
  )
  const client = useLonghaulClient()
  const { createJob, error } = useCreateJob('ai_optimization')
  const [tripId, setTripId] = useState<string>()
  const [seconds, setSeconds] = useState('15')
  const trips = jobs.map(asTrip)
  const trip = trips.find(({ id }) => id === tripId) ?? trips[0]
  const taken = useTakenPlan(trip?.id ?? '')

  function submit(event: FormEvent): void {
    event.preventDefault()
    if (trip === undefined) return
    const id = client.newJobId()
    const from = taken.searchId === undefined ? {} : { from: taken.searchId }
    const input = { tripId: trip.id, name: nameOf(trip), seconds: Number(seconds), ...from }
    void createJob(input, { id, tags: [tagOf(trip.id)] })
    goTo(addressOf('optimise', id))
  }

  if (trip === undefined) {
    return (
      <p className="empty">
        {isLoading ? 'Looking for finished trips…' : 'There is no finished trip yet. '}
        {!isLoading && <a href={addressOf('home')}>Plan one first</a>}
      </p>
    )
  }
  return (
    <form className="card trip-form" onSubmit={submit}>
      <label className="field">
        <span>Trip</span>
        <select
          className="select-large"
          value={trip.id}
          onChange={({ target }) => setTripId(target.value)}
        >
          {trips.map((each) => (
            <option key={each.id} value={each.id}>
              {`${nameOf(each)} · ${countOf(each.result?.totals.km ?? 0, 'km', 'km')}`}
            </option>
          ))}
        </select>
      </label>
      <Choices
        name="seconds"
        legend="How long to look"
        hint={
          taken.plan === undefined
            ? 'Longer finds more, and it can be ended at any time.'
            : 'It goes on from the arrangement that you took last.'
        }
        options={budgets}
        value={seconds}
        onChange={setSeconds}
      />
      <div className="trip-form-end">
        <button
          type="submit"
          className="button button-main button-large"
          disabled={taken.isLoading}
        >
          Look for less driving
        </button>
        <p className="problem" role="alert">
          {error?.message}
        </p>
      </div>
    </form>
  )
}

function nameOf({ input, result }: TripJob): string {
  return result?.destination.name ?? input.destination
}
