import type { Hints, NewJob } from '../../postgres/index.js'

/** Tell everybody of new jobs, once they are committed. */
export function announceInserted(hints: Hints, rows: readonly NewJob[]): void {
  if (rows.length === 0) return
  const now = rows.filter((row) => row.delayMs === 0 && row.runAt === undefined && !isWaiting(row))
  hints.send({
    jobs: rows,
    queues: [...new Set(now.map(({ queue }) => queue))],
    scheduled: now.length < rows.length || rows.some(isLimitedInTime),
  })
}

/** A batch waits for its items, if it has any. */
export function isWaiting({ itemCount = 0 }: NewJob): boolean {
  return itemCount > 0
}

/** Somebody has to look when its time is over. */
function isLimitedInTime({ deadlineMs, startWithinMs }: NewJob): boolean {
  return deadlineMs !== undefined || startWithinMs !== undefined
}
