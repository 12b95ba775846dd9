/** A job's progress at a moment, as this page saw it. */
export interface ProgressSample {
  readonly atMs: number
  readonly progress: number
}

export interface Estimate {
  readonly nowMs: number
  readonly startedAtMs: number
  /** Oldest first; the last one is how far it is. */
  readonly samples: readonly ProgressSample[]
  /** How long jobs of this type usually take. */
  readonly typicalMs?: number | undefined
}

/** Less than this says nothing about the pace. */
const leastProgress = 3
const leastMs = 1000

/**
 * How long a running job will still take, in milliseconds, or `undefined` while nobody can know.
 * Past runs count for most at the beginning, the job's own recent pace for most at the end.
 */
export function estimateRemainingMs(estimate: Estimate): number | undefined {
  const { nowMs, startedAtMs, samples, typicalMs } = estimate
  const progress = samples.at(-1)?.progress ?? 0
  const own = fromPace(estimate)
  const left = typicalMs === undefined ? undefined : typicalMs - (nowMs - startedAtMs)
  // A run that is over its usual time says only that it is no usual run.
  const usual = left !== undefined && left > 0 ? left : undefined
  if (own === undefined || usual === undefined) return own ?? usual
  const trust = progress / 100
  return trust * own + (1 - trust) * usual
}

function fromPace({ nowMs, startedAtMs, samples }: Estimate): number | undefined {
  const last = samples.at(-1)
  if (last === undefined) return undefined
  const first = samples.find(
    (sample) => last.progress - sample.progress >= leastProgress && sample.progress > 0,
  ) ?? { atMs: startedAtMs, progress: 0 }
  const gained = last.progress - first.progress
  const tookMs = last.atMs - first.atMs
  if (gained < leastProgress || tookMs < leastMs) return undefined
  const leftMs = ((100 - last.progress) / gained) * tookMs - (nowMs - last.atMs)
  return leftMs > 0 ? leftMs : undefined
}
