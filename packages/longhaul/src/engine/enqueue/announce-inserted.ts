import type { Hints, NewJob } from '../../postgres/index.js'

/** Tell everybody of new jobs, once they are committed. */
export function announceInserted(hints: Hints, rows: readonly NewJob[]): void {
  if (rows.length === 0) return
  const now = rows.filter((row) => row.delayMs === 0 && row.runAt === undefined)
  hints.send({
    jobs: rows,
    queues: [...new Set(now.map(({ queue }) => queue))],
    scheduled: now.length < rows.length || rows.some(isLimitedInTime),
  })
}

/** Somebody has to look when its time is over. */
function isLimitedInTime({ deadlineMs, startWithinMs }: NewJob): boolean {
  return deadlineMs !== undefined || startWithinMs !== undefined
}
