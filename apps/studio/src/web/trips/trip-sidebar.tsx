import type { ReactElement } from 'react'
import { addressOf } from '../shell/use-place.js'
import { TripList } from './trip-list.js'

/** The trips beside a page about one of them, where there is room; on a phone they are a page of their own. */
export function TripSidebar({ openId }: { openId: string | undefined }): ReactElement {
  return (
    <nav className="sidebar" aria-label="Your trips">
      <div className="trip-list-head">
        <h2>Your trips</h2>
        <a
          className="button"
          href={addressOf('home')}
          aria-current={openId === undefined ? 'page' : undefined}
        >
          New trip
        </a>
      </div>
      <TripList openId={openId} />
    </nav>
  )
}
