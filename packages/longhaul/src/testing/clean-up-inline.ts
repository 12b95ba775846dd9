import type { JobDefinition, Logger } from '../core/index.js'
import { runCleanup, type RunJob } from '../engine/index.js'
import type { TakenCleanup } from '../postgres/index.js'

type Cancelled = Omit<TakenCleanup, 'runId' | 'run' | 'requestedBy' | 'steps'> & {
  readonly steps: RunJob['stored']['steps']
}

/** Run the `onCancel` of a job, as often as its policy says, until it has succeeded. */
export async function cleanUpInline(
  { steps, ...cancelled }: Cancelled,
  definition: JobDefinition,
  logger: Logger,
): Promise<void> {
  const finished = steps.filter(({ kind, status }) => kind === 'step' && status === 'completed')
  const cleanup = {
    ...cancelled,
    runId: 'inline',
    requestedBy: cancelled.ownerId,
    steps: finished.map(({ key, hasResult, result }) => ({
      key,
      ...(hasResult ? { result } : {}),
    })),
  }
  const shutdown = new AbortController().signal
  for (let run = 1; ; run += 1) {
    const once = { cleanup: { ...cleanup, run }, definition, logger, shutdown }
    if ((await runCleanup({ ...once, stopGraceMs: 1000 })).done) return
  }
}
