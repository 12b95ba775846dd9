import { Worker as Thread } from 'node:worker_threads'
import type pg from 'pg'
import type { Logger } from '../../core/index.js'
import type { OwnDatabase } from '../../postgres/index.js'
import { startHeartbeat } from './heartbeat.js'
import type { HeartbeatOrder, HeartbeatThreadData } from './heartbeat-thread.js'
import type { LeaseClock } from './lease-clock.js'

export interface OpenHeartbeatOptions {
  readonly db: OwnDatabase
  readonly connection: string | pg.PoolConfig
  readonly clock: LeaseClock
  readonly leaseMs: number
  readonly maxBlockedMs: number
  readonly logger: Logger
  /** The database says that the lease of this worker is over. */
  readonly onLost: (workerId: string) => void
}

export interface Heartbeat {
  /** Renew the lease of this worker, and no other one. */
  beatFor(workerId: string): void
  rest(): void
  close(): void
}

/**
 * In a thread where one can be had, else on the event loop. One thread for all leases of a process,
 * because starting it takes longer than anything else: on a machine that is so busy that leases are
 * lost, a new thread for each of them would cost the next one too.
 */
export function openHeartbeat(options: OpenHeartbeatOptions): Heartbeat {
  const { db, clock, leaseMs, maxBlockedMs, logger, onLost } = options
  let beatsFor: string | undefined
  let closed = false
  let stopInLoop: (() => void) | undefined
  let thread: Thread | undefined
  try {
    thread = startThread(options)
    thread.on('message', onLost).on('error', inLoop)
  } catch (error) {
    inLoop(error) // the connection's options hold functions, or the platform has no threads
  }

  /** There is no thread, or it has died. */
  function inLoop(error: unknown): void {
    thread = undefined
    if (closed) return
    logger.warn(
      { error },
      'no thread for the heartbeat: a handler that blocks the event loop can cost the lease',
    )
    if (beatsFor !== undefined) beatInLoop(beatsFor)
  }

  function beatInLoop(workerId: string): void {
    stopInLoop?.()
    const lost = (): void => onLost(workerId)
    stopInLoop = startHeartbeat({ db, clock, workerId, leaseMs, maxBlockedMs, onLost: lost })
  }

  function tell(order: HeartbeatOrder): void {
    thread?.postMessage(order)
  }

  function rest(): void {
    beatsFor = undefined
    stopInLoop?.()
    tell('rest')
  }

  return {
    beatFor(workerId) {
      beatsFor = workerId
      if (thread === undefined) beatInLoop(workerId)
      else tell({ workerId })
    },
    rest,
    close() {
      closed = true
      rest()
      tell('end')
    },
  }
}

function startThread({
  clock,
  connection,
  db,
  leaseMs,
  maxBlockedMs,
}: OpenHeartbeatOptions): Thread {
  const workerData: HeartbeatThreadData = {
    memory: clock.memory,
    connection,
    schema: db.schema,
    leaseMs,
    maxBlockedMs,
  }
  const thread = new Thread(threadUrl(), { workerData, name: 'longhaul-heartbeat' })
  thread.unref()
  return thread
}

/** A test runner that runs the sources needs the built thread: Node 20 runs no TypeScript in threads. */
function threadUrl(): URL {
  const built = import.meta.url.replace('/src/engine/', '/dist/engine/')
  return new URL('./heartbeat-thread.js', built)
}
