import type { ReactElement } from 'react'
import { PageHeading } from '../shell/page-heading.js'
import { addressOf } from '../shell/use-place.js'
import { TripList } from './trip-list.js'

export function TripsPage(): ReactElement {
  return (
    <>
      <title>Trips · Longhaul Studio</title>
      <header className="page-head page-head-with-action">
        <PageHeading>Trips</PageHeading>
        <div className="page-head-actions">
          <a className="button" href={addressOf('schedules')}>
            Schedules
          </a>
          <a className="button" href={addressOf('compare')}>
            Compare towns
          </a>
          <a className="button button-main" href={addressOf('home')}>
            New trip
          </a>
        </div>
      </header>
      <div className="trips">
        <TripList />
      </div>
    </>
  )
}
