import { useSyncExternalStore } from 'react'

const sections = [
  'trips',
  'compare',
  'schedules',
  'chat',
  'optimise',
  'research',
  'notes',
  'goals',
  'contacts',
  'jobs',
  'profile',
  'sign-up',
] as const

export type Section = (typeof sections)[number] | 'home'

/** Where the page is: the address after the `#`, a section and perhaps one thing in it. */
export interface PlaceInApp {
  readonly section: Section | 'unknown'
  readonly id: string | undefined
}

export function placeOf(hash: string): PlaceInApp {
  if (hash === '' || hash === '#' || hash === '#/') return { section: 'home', id: undefined }
  const [, name, id] = /^#\/([a-z-]+)(?:\/([\w-]+))?$/.exec(hash) ?? []
  const section = sections.find((each) => each === name)
  return section === undefined ? { section: 'unknown', id: undefined } : { section, id }
}

export function addressOf(section: Section, id?: string): string {
  if (section === 'home') return '#/'
  return id === undefined ? `#/${section}` : `#/${section}/${id}`
}

export function goTo(address: string): void {
  location.hash = address
}

export function usePlace(): PlaceInApp {
  return placeOf(useSyncExternalStore(subscribe, () => location.hash))
}

let isArriving = false

/** True once after each change of the page: its heading then takes the focus. */
export function takeArrival(): boolean {
  const was = isArriving
  isArriving = false
  return was
}

function subscribe(listener: () => void): () => void {
  const onChange = (): void => {
    isArriving = true
    listener()
  }
  addEventListener('hashchange', onChange)
  return () => removeEventListener('hashchange', onChange)
}
