import { useSyncExternalStore } from 'react'

const key = 'studio.live'
const listeners = new Set<() => void>()

/** Whether pages are told what happens, or ask for it: as chosen in this browser, in all of its tabs at once. */
export function useLiveUpdates(): boolean {
  return useSyncExternalStore(subscribe, () => localStorage.getItem(key) !== 'off')
}

export function keepLiveUpdates(isLive: boolean): void {
  localStorage.setItem(key, isLive ? 'on' : 'off')
  // The browser tells the other tabs only.
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  addEventListener('storage', listener)
  return () => {
    listeners.delete(listener)
    removeEventListener('storage', listener)
  }
}
