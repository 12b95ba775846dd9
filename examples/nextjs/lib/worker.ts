import { longhaul } from './longhaul'

/** Runs jobs in this process until it is told to stop. */
export async function startWorker(): Promise<void> {
  await longhaul.work({ concurrency: 10 })

  // Running jobs get a moment to end; what does not is handed back, and another process goes on with it.
  const stop = () => void longhaul.stop({ graceMs: 5000 }).finally(() => process.exit())
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}
