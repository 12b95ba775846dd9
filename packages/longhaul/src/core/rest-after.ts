/** How much of the time something that is done again and again may take. */
export interface Pace {
  /** Above 0, up to 1: a tenth of the time is 0.1. */
  readonly share: number
  /** It is always done again this many milliseconds after it began. */
  readonly longestMs: number
}

/** For how many milliseconds to rest from something that took `tookMs`, before it is done again. */
export function restAfter(tookMs: number, { share, longestMs }: Pace): number {
  return Math.max(0, Math.min(longestMs, tookMs / share) - tookMs)
}
