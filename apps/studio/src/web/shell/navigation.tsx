import type { ReactElement } from 'react'
import { addressOf, type PlaceInApp, type Section } from './use-place.js'

interface Item {
  readonly section: Section
  readonly label: string
  /** Of an icon of 24 by 24. */
  readonly path: string
}

const items: readonly Item[] = [
  { section: 'trips', label: 'Trips', path: 'M4 19c0-6 4-5 7-7s3-7 9-7M4 19h.01M20 5h.01' },
  {
    section: 'chat',
    label: 'Chat',
    path: 'M4 6a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-7l-4 4v-4H6a2 2 0 0 1-2-2zM8 10h.01M12 10h.01M16 10h.01',
  },
  {
    section: 'optimise',
    label: 'Optimise',
    path: 'M4 7h11a4 4 0 0 1 0 8H6m3-3-3 3 3 3M19 7h.01',
  },
  {
    section: 'research',
    label: 'Research',
    path: 'M11 4a6 6 0 1 0 0 12 6 6 0 0 0 0-12M15.5 15.5 20 20M9 9h4M9 11.5h2.5',
  },
  { section: 'goals', label: 'Goals', path: 'M6 21V4h11l-2 4 2 4H6' },
  {
    section: 'contacts',
    label: 'Contacts',
    path: 'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M2.5 20a6.5 6.5 0 0 1 13 0M16 4.5a3.5 3.5 0 0 1 0 6.5M18 14.5a6.5 6.5 0 0 1 3.5 5.5',
  },
  { section: 'jobs', label: 'Jobs', path: 'M9 6h11M9 12h11M9 18h11M4 6h1M4 12h1M4 18h1' },
]

/** The parts of the studio: in the header on a desk, at the lower edge on a phone. */
export function Navigation({ place }: { place: PlaceInApp }): ReactElement {
  const current = partOf(place.section)
  return (
    <nav className="navigation" aria-label="Studio">
      <ul>
        {items.map(({ section, label, path }) => (
          <li key={section}>
            <a
              className="navigation-item"
              href={addressOf(section)}
              aria-current={section === current ? 'page' : undefined}
            >
              <svg className="icon" viewBox="0 0 24 24" aria-hidden="true">
                <path d={path} />
              </svg>
              {label}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

function partOf(section: PlaceInApp['section']): PlaceInApp['section'] {
  if (section === 'home' || section === 'compare' || section === 'schedules') return 'trips'
  return section === 'notes' ? 'research' : section
}
