/**
 * A worker's right to its claims: one row, renewed for all its jobs together. When it is lost, by
 * the database's word or by our own clock, every claim made under it is lost too: the handlers are
 * told, and the worker registers anew under a fresh id. No name or host is ever an identity.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { Worker as Thread } from 'node:worker_threads'
import type pg from 'pg'
import type { JobDefinition, Logger } from '../../core/index.js'
import { type OwnDatabase, registerWorker, removeWorker } from '../../postgres/index.js'
import { startHeartbeat } from './heartbeat.js'
import type { HeartbeatThreadData } from './heartbeat-thread.js'
import { createLeaseClock, type LeaseClock, monotonicMs } from './lease-clock.js'

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
  let stopHeartbeat = (): void => undefined
  const clock = createLeaseClock()
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
    stopHeartbeat()
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
    stopHeartbeat = startBeating(options, clock, id, lose)
    options.onHeld()
  }

  await register()
  return {
    workerId: () => workerId,
    async close() {
      closed = true
      clearInterval(turning)
      stopHeartbeat()
      if (workerId === undefined) return
      await db.run(removeWorker(workerId)).catch((error: unknown) => {
        logger.warn({ error }, 'the lease could not be given up; it will run out')
      })
    },
  }
}

/** In a thread where one can be had, else on the event loop. */
function startBeating(
  options: LeaseOptions,
  clock: LeaseClock,
  workerId: string,
  onLost: () => void,
): () => void {
  const { db, connection, leaseMs, maxBlockedMs, logger } = options
  let stopInLoop: (() => void) | undefined
  let stopped = false
  const inLoop = (error: unknown): void => {
    if (stopped || stopInLoop !== undefined) return
    logger.warn(
      { error },
      'no thread for the heartbeat: a handler that blocks the event loop can cost the lease',
    )
    stopInLoop = startHeartbeat({ db, clock, workerId, leaseMs, maxBlockedMs, onLost })
  }
  const thread = startThread(
    { memory: clock.memory, connection, schema: db.schema, workerId, leaseMs, maxBlockedMs },
    inLoop,
  )
  // What the thread said before it heard that it should stop is about a lease of the past.
  thread?.on('message', () => void (stopped || onLost()))
  return () => {
    stopped = true
    stopInLoop?.()
    thread?.postMessage('stop')
  }
}

function startThread(
  data: HeartbeatThreadData,
  onFailure: (error: unknown) => void,
): Thread | undefined {
  try {
    const thread = new Thread(threadUrl(), { workerData: data, name: 'longhaul-heartbeat' })
    thread.unref()
    thread.on('error', onFailure)
    return thread
  } catch (error) {
    onFailure(error) // the connection's options hold functions, or the platform has no threads
    return undefined
  }
}

/** A test runner that runs the sources needs the built thread: Node 20 runs no TypeScript in threads. */
function threadUrl(): URL {
  const built = import.meta.url.replace('/src/engine/', '/dist/engine/')
  return new URL('./heartbeat-thread.js', built)
}
