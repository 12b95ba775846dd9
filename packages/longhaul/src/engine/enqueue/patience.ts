import { setTimeout as delay } from 'node:timers/promises'
import { failureKind } from '../../postgres/index.js'

/** How many may wait long for somebody's lock at once: each holds a connection. */
const mostPatient = 3
const lookMs = 25

/**
 * Work that may have to wait for another transaction. It is tried shortly; when that is not long enough it stands in
 * a line, in which it holds nothing, until one of few places is free where it may wait.
 */
type Patiently = <T>(work: (lockTimeoutMs: number) => Promise<T>) => Promise<T>

export function createPatience(options: {
  readonly shortMs: number
  /** From when it was tried in vain. */
  readonly longMs: number
}): Patiently {
  const { shortMs, longMs } = options
  let patient = 0

  async function wait<T>(work: (lockTimeoutMs: number) => Promise<T>, inVain: unknown): Promise<T> {
    const until = performance.now() + longMs
    while (patient === mostPatient) {
      if (performance.now() >= until) throw inVain
      await delay(lookMs)
    }
    patient += 1
    try {
      return await work(Math.max(shortMs, Math.ceil(until - performance.now())))
    } finally {
      patient -= 1
    }
  }

  return (work) =>
    work(shortMs).catch((error: unknown) => {
      if (failureKind(error) !== 'lock_timeout') throw error
      return wait(work, error)
    })
}
