import { useSyncExternalStore } from 'react'

/** Where the page is: the address after the `#`. */
export type PlaceInApp = { readonly page: 'new' } | { readonly page: 'trip'; readonly id: string }

export function usePlace(): PlaceInApp {
  const hash = useSyncExternalStore(subscribe, () => location.hash)
  const [, id] = /^#\/trips\/([\w-]+)$/.exec(hash) ?? []
  return id === undefined ? { page: 'new' } : { page: 'trip', id }
}

export const newTripAddress = '#/'

export function tripAddress(id: string): string {
  return `#/trips/${id}`
}

export function goTo(address: string): void {
  location.hash = address
}

function subscribe(listener: () => void): () => void {
  addEventListener('hashchange', listener)
  return () => removeEventListener('hashchange', listener)
}
