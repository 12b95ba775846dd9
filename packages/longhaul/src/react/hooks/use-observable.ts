import { useSyncExternalStore } from 'react'
import type { Observable } from '../../client/index.js'

/** What an observable holds, or `idle` while there is none. */
export function useObservable<T>(observable: Observable<T> | undefined, idle: T): T {
  return useSyncExternalStore(
    observable?.subscribe ?? subscribeToNothing,
    observable?.getSnapshot ?? (() => idle),
    // On the server nothing is known yet; the browser takes it from there.
    () => idle,
  )
}

export function subscribeToNothing(): () => void {
  return () => undefined
}
