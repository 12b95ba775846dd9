/**
 * How long to wait before the next attempt: exponential with full jitter, so that jobs which
 * failed together do not come back together.
 * Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */
export interface Backoff {
  /** The longest wait after the first failure, in milliseconds; it doubles with every further one. */
  readonly baseMs: number
  /** The longest wait of all, in milliseconds. */
  readonly maxMs: number
}

/** @param random a number from 0 up to 1, drawn by the caller so that this stays pure */
export function nextDelayMs({ baseMs, maxMs }: Backoff, failures: number, random: number): number {
  const ceiling = Math.min(maxMs, baseMs * 2 ** Math.min(failures - 1, 52))
  return Math.round(random * ceiling)
}
