import type { Hint, RetriedKey } from '../../postgres/index.js'

/** For whoever claims jobs that were retried, or retries what they have spawned. */
export function hintOfRetried(
  jobs: readonly Omit<RetriedKey, 'secretNames' | 'itemCount'>[],
): Hint {
  return { jobs, queues: [...new Set(jobs.map(({ queue }) => queue))], children: true }
}
