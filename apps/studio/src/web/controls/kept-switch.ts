import { useSyncExternalStore } from 'react'

/** On until somebody turns it off; kept in this browser, and the same in all of its tabs at once. */
export interface KeptSwitch {
  isOn(): boolean
  turn(isOn: boolean): void
  /** @returns a function that ends it */
  subscribe(listener: () => void): () => void
}

export function createKeptSwitch(key: string): KeptSwitch {
  const listeners = new Set<() => void>()
  return {
    isOn: () => localStorage.getItem(key) !== 'off',
    turn(isOn) {
      localStorage.setItem(key, isOn ? 'on' : 'off')
      // The browser tells the other tabs only.
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      addEventListener('storage', listener)
      return () => {
        listeners.delete(listener)
        removeEventListener('storage', listener)
      }
    },
  }
}

export function useKeptSwitch({ subscribe, isOn }: KeptSwitch): boolean {
  return useSyncExternalStore(subscribe, isOn)
}
