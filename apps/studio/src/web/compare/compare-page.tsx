import { type FormEvent, type ReactElement, useState } from 'react'
import { JobList, useCreateJob, useLonghaulClient } from 'longhaul/react'
import { maxDays } from '../../trips/request/trip-dates.js'
import { Field } from '../controls/field.js'
import { jobLabel } from '../jobs/job-words.js'
import { PageHeading } from '../shell/page-heading.js'
import { addressOf, goTo } from '../shell/use-place.js'

const mostTowns = 8

/** Plan trips to several towns at once, as one batch; and what was compared before. */
export function ComparePage(): ReactElement {
  return (
    <>
      <title>Compare towns · Longhaul Studio</title>
      <a className="back back-always" href={addressOf('trips')}>
        All trips
      </a>
      <header className="page-head">
        <PageHeading>Compare towns</PageHeading>
        <p className="lead">
          Cannot decide? Each of them gets a plan of its own, all at the same time, and then they
          stand side by side.
        </p>
      </header>
      <CompareForm />
      <h2 className="section-head">Earlier comparisons</h2>
      <JobList
        filter={{ type: ['ai_trip_comparison'] }}
        labelOf={jobLabel}
        hrefOf={({ id }) => addressOf('compare', id)}
      />
    </>
  )
}

function CompareForm(): ReactElement {
  const client = useLonghaulClient()
  const { createJob } = useCreateJob('ai_trip_comparison')
  const [towns, setTowns] = useState('')
  const [days, setDays] = useState('2')
  const [problem, setProblem] = useState<string>()

  function submit(event: FormEvent): void {
    event.preventDefault()
    const destinations = townsOf(towns)
    if (destinations.length < 2 || destinations.length > mostTowns) {
      return setProblem(`Name two to ${mostTowns} towns, with commas between them.`)
    }
    const duration = Number(days)
    const items = destinations.map((destination) => ({
      type: 'ai_trip_generation' as const,
      input: { destination, dates: { duration } },
    }))
    const id = client.newJobId()
    void createJob({ destinations, days: duration }, { id, items })
    goTo(addressOf('compare', id))
  }

  return (
    <form className="card trip-form" onSubmit={submit}>
      <Field
        label="Towns"
        className="input-large"
        placeholder="Braga, Évora, Guarda"
        hint={`Two to ${mostTowns}, with commas between them.`}
        required
        maxLength={1000}
        autoComplete="off"
        value={towns}
        onChange={setTowns}
      />
      <Field
        label="Days"
        type="number"
        inputMode="numeric"
        required
        min={1}
        max={maxDays}
        value={days}
        onChange={setDays}
      />
      <div className="trip-form-end">
        <button type="submit" className="button button-main button-large">
          Plan them all
        </button>
        <p className="problem" role="alert">
          {problem}
        </p>
      </div>
    </form>
  )
}

/** Each once, without what is only space. */
function townsOf(text: string): string[] {
  const names = text.split(',').map((name) => name.trim())
  return [...new Set(names)].filter((name) => name !== '')
}
