/**
 * A worker's right to its claims: one row, renewed for all its jobs together. When it is lost, by
 * the database's word or by our own clock, every claim made under it is lost too: the handlers are
 * told, and the worker registers anew under a fresh id. No name or host is ever an identity.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import type { JobDefinition, Logger } from '../../core/index.js'
import { type OwnDatabase, registerWorker, removeWorker } from '../../postgres/index.js'
import { createLeaseClock, monotonicMs } from './lease-clock.js'
import { openHeartbeat } from './open-heartbeat.js'

export interface LeaseOptions {
  readonly db: OwnDatabase
  readonly connection: string | pg.PoolConfig
  readonly name: string
  /** What the worker has the handlers of. */
  readonly definitions: readonly JobDefinition[]
  readonly leaseMs: number
  readonly maxBlockedMs: number
  readonly logger: Logger
  /** Everything claimed under this id is lost. */
  readonly onLost: (workerId: string) => void
  /** A lease under a fresh id has begun. */
  readonly onHeld: () => void
}

export interface Lease {
  /** The id to claim under, or `undefined` while there is no lease. */
  workerId(): string | undefined
  close(): Promise<void>
}

export async function openLease(options: LeaseOptions): Promise<Lease> {
  const { db, leaseMs, logger } = options
  let workerId: string | undefined
  let closed = false
  const clock = createLeaseClock()
  const heartbeat = openHeartbeat({
    ...options,
    clock,
    // What is said of a lease of the past says nothing of this one.
    onLost: (id) => (id === workerId ? lose() : undefined),
  })
  clock.markAlive()
  const turning = setInterval(() => {
    clock.markAlive()
    // The lease may have run out while nobody could tell us.
    if (workerId !== undefined && clock.sinceRenewalMs() >= leaseMs) lose()
  }, leaseMs / 30)

  function lose(): void {
    const lost = workerId
    if (lost === undefined || closed) return
    workerId = undefined
    heartbeat.rest()
    logger.warn(
      { workerId: lost },
      'the lease was lost: its jobs are given to others, and this worker begins anew',
    )
    options.onLost(lost)
    void begin()
  }

  async function begin(): Promise<void> {
    while (!closed) {
      try {
        return await register()
      } catch (error) {
        logger.debug({ error }, 'registering the worker failed; trying again')
        await delay(Math.min(1000, leaseMs / 10))
      }
    }
  }

  async function register(): Promise<void> {
    const id = randomUUID()
    const askedAt = monotonicMs()
    await db.run(
      registerWorker({ workerId: id, leaseMs, name: options.name, handled: options.definitions }),
    )
    clock.markRenewed(askedAt)
    workerId = id
    heartbeat.beatFor(id)
    options.onHeld()
  }

  await register()
  return {
    workerId: () => workerId,
    async close() {
      closed = true
      clearInterval(turning)
      heartbeat.close()
      if (workerId === undefined) return
      await db.run(removeWorker(workerId)).catch((error: unknown) => {
        logger.warn({ error }, 'the lease could not be given up; it will run out')
      })
    },
  }
}
