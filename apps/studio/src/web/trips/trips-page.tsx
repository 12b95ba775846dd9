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
        <a className="button button-main" href={addressOf('home')}>
          New trip
        </a>
      </header>
      <div className="trips">
        <TripList />
      </div>
    </>
  )
}
