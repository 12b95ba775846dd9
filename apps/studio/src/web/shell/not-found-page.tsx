import type { ReactElement } from 'react'
import { PageHeading } from './page-heading.js'
import { addressOf } from './use-place.js'

export interface NotFoundPageProps {
  readonly title?: string
  readonly why?: string
  /** What the way out is called; it leads to a new trip. */
  readonly way?: string
}

export function NotFoundPage({
  title = 'There is no such page',
  why = 'The address is not one of the studio’s. It may be mistyped, or from an earlier version.',
  way = 'Plan a trip',
}: NotFoundPageProps): ReactElement {
  return (
    <div className="page-note">
      <title>{`${title} · Longhaul Studio`}</title>
      <PageHeading>{title}</PageHeading>
      <p className="lead">{why}</p>
      <a className="button button-main" href={addressOf('home')}>
        {way}
      </a>
    </div>
  )
}
