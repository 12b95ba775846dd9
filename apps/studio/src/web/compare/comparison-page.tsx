import type { ReactElement } from 'react'
import type { JobOf } from 'longhaul'
import { JobList, useJob } from 'longhaul/react'
import type { Comparison } from '../../trips/compare/comparison.js'
import { JobFrame } from '../jobs/job-frame.js'
import { jobLabel } from '../jobs/job-words.js'
import { addressOf } from '../shell/use-place.js'
import { countOf } from '../trips/trip-words.js'

/** A batch: one progress for all of its trips, these as they are planned, and what came of them. */
export function ComparisonPage({ id }: { id: string }): ReactElement {
  return (
    <JobFrame
      view={useJob<'ai_trip_comparison'>(id)}
      noun="comparison"
      back={{ href: addressOf('compare'), label: 'All comparisons' }}
      about={(job) => ({
        title: job.input.destinations.join(', '),
        lead: `${countOf(job.input.days, 'day')} in each`,
        label: 'Planning all of them',
      })}
    >
      {(job) => <Compared job={job} />}
    </JobFrame>
  )
}

function Compared({ job }: { job: JobOf<'ai_trip_comparison'> }): ReactElement {
  return (
    <>
      {job.result !== null && <SideBySide comparison={job.result} />}
      <h2 className="section-head">The trips</h2>
      <JobList
        filter={{ type: ['ai_trip_generation'], parent: job.id }}
        labelOf={jobLabel}
        hrefOf={(trip) => addressOf('trips', trip.id)}
      />
    </>
  )
}

function SideBySide({
  comparison: { trips, unplanned },
}: {
  comparison: Comparison
}): ReactElement {
  return (
    <section className="card comparison" aria-labelledby="side-by-side">
      <h2 id="side-by-side">Side by side</h2>
      <p className="muted">Those with the least driving for each stop come first.</p>
      <div className="comparison-table">
        <table>
          <thead>
            <tr>
              <th scope="col">Town</th>
              <th scope="col">Stops</th>
              <th scope="col">Driving</th>
              <th scope="col">Distance</th>
            </tr>
          </thead>
          <tbody>
            {trips.map(({ id, name, country, stops, km, driveMinutes }) => (
              <tr key={id}>
                <th scope="row">
                  <a href={addressOf('trips', id)}>{name}</a>{' '}
                  <span className="muted">{country}</span>
                </th>
                <td>{stops}</td>
                <td>{`${Math.floor(driveMinutes / 60)} h ${Math.round(driveMinutes % 60)} min`}</td>
                <td>{`${Math.round(km)} km`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {unplanned.map(({ id, name, why }) => (
        <p key={id}>
          <a href={addressOf('trips', id)}>{name}</a> was not planned: {why}
        </p>
      ))}
    </section>
  )
}
