import type { CancelledKey, Hint } from '../../postgres/index.js'

/** For whoever works at jobs that were cancelled, waits for them, cleans up after them or cancels what they have spawned. */
export function hintOfCancelled(jobs: readonly CancelledKey[]): Hint {
  const workers = new Set(jobs.flatMap(({ workerId }) => workerId ?? []))
  return { jobs, workers: [...workers], children: true, cleanups: true }
}
