'use client'
import { useSyncExternalStore } from 'react'
import { subscribeToNothing } from './use-observable.js'

/** One clock for all components, which ticks only while somebody looks at it. */
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined
let now = 0

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  if (timer === undefined) {
    now = Date.now()
    timer = setInterval(() => {
      now = Date.now()
      for (const each of listeners) each()
    }, 1000)
  }
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

function read(): number {
  // Before the clock ticks, and after it was stopped, the time is asked for once a second at most.
  if (timer === undefined && Math.abs(Date.now() - now) >= 1000) now = Date.now()
  return now
}

/**
 * The time in milliseconds, every second while `ticking`. On the server it is `undefined`, so that
 * the page that is sent and the page that comes to life are the same.
 */
export function useNow(ticking = true): number | undefined {
  return useSyncExternalStore<number | undefined>(
    ticking ? subscribe : subscribeToNothing,
    read,
    () => undefined,
  )
}
