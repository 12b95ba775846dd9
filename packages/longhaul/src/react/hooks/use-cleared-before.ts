'use client'
import { useCallback, useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()

/**
 * The moment up to which a person has cleared away what is finished, remembered by the browser and
 * shared by its tabs. The jobs themselves stay.
 */
export function useClearedBefore(key: string): [number, (atMs: number) => void] {
  const clearedBefore = useSyncExternalStore(
    subscribe,
    () => read(key),
    () => 0,
  )
  const clear = useCallback(
    (atMs: number) => {
      try {
        localStorage.setItem(key, String(atMs))
      } catch {
        // A browser that stores nothing shows it again after a reload.
      }
      fallback.set(key, atMs)
      for (const listener of listeners) listener()
    },
    [key],
  )
  return [clearedBefore, clear]
}

const fallback = new Map<string, number>()

function read(key: string): number {
  try {
    // Where there is no more room, what was stored before is still there.
    return Math.max(Number(localStorage.getItem(key) ?? 0), fallback.get(key) ?? 0)
  } catch {
    return fallback.get(key) ?? 0
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  // React Native has neither, and no other tabs.
  globalThis.addEventListener?.('storage', listener)
  return () => {
    listeners.delete(listener)
    globalThis.removeEventListener?.('storage', listener)
  }
}
