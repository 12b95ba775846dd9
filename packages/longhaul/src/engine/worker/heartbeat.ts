import { type Database, runOne } from '../../postgres/database.js'
import { renewLease } from '../../postgres/queries/workers/leases.js'
import { type LeaseClock, monotonicMs } from './lease-clock.js'

export interface HeartbeatOptions {
  readonly db: Database
  readonly clock: LeaseClock
  readonly workerId: string
  readonly leaseMs: number
  /** When the event loop has not turned for this long, the lease is left to run out. */
  readonly maxBlockedMs: number
  /** The lease is over in the database: its jobs are being rescued. */
  readonly onLost: () => void
}

/**
 * Renew a worker's lease three times in its length, until the returned function is called. Not
 * reaching Postgres is not yet losing the lease: that is tried again soon. Letting it run out is,
 * and whoever holds the lease watches the clock for that.
 */
export function startHeartbeat(options: HeartbeatOptions): () => void {
  const { db, clock, workerId, leaseMs, maxBlockedMs, onLost } = options
  let timer: NodeJS.Timeout
  let stopped = false

  async function beat(): Promise<void> {
    const next = await renew().catch(() => leaseMs / 15)
    if (!stopped) timer = setTimeout(() => void beat(), next)
  }

  /** @returns when to renew again, in milliseconds */
  async function renew(): Promise<number> {
    if (clock.blockedMs() > maxBlockedMs) return leaseMs / 3
    const askedAt = monotonicMs()
    const renewed = await runOne(db, renewLease({ workerId, leaseMs }))
    if (stopped) return 0
    if (renewed === undefined) onLost()
    else clock.markRenewed(askedAt)
    return leaseMs / 3
  }

  timer = setTimeout(() => void beat(), leaseMs / 3)
  return () => {
    stopped = true
    clearTimeout(timer)
  }
}
