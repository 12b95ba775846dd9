/**
 * The heartbeat in a thread of its own, with a connection of its own: a handler that keeps the
 * event loop busy, or the pool, does not cost the worker its lease. The thread alone would keep an
 * endless loop alive for ever, so it looks at the clock that the event loop sets.
 */
import { parentPort, workerData } from 'node:worker_threads'
import type pg from 'pg'
// These files alone: each thread loads what it imports anew, into memory of its own.
import { openPgDatabase } from '../../postgres/pg.js'
import { sql } from '../../postgres/sql.js'
import { startHeartbeat } from './heartbeat.js'
import { createLeaseClock } from './lease-clock.js'

export interface HeartbeatThreadData {
  readonly memory: SharedArrayBuffer
  readonly connection: string | pg.PoolConfig
  readonly schema: string
  readonly leaseMs: number
  readonly maxBlockedMs: number
}

export type HeartbeatOrder = { readonly workerId: string } | 'rest' | 'end'

const { memory, connection, schema, ...lease } = workerData as HeartbeatThreadData
const db = openPgDatabase({
  connection,
  schema,
  applicationName: 'longhaul-heartbeat',
  maxConnections: 1,
  synchronousCommit: 'on',
  prepare: false,
  // A connection that has gone silent leaves time for another before the lease runs out.
  timeoutMs: Math.max(1000, lease.leaseMs / 3),
  // Made at once and kept, so that others who take the server's last connection do not take the lease.
  idleMs: 0,
})
void db.run(sql`select`).catch(() => undefined) // the first renewal tries again
const clock = createLeaseClock(memory)
let stop = (): void => undefined
parentPort?.on('message', (order: HeartbeatOrder) => {
  stop()
  if (order === 'rest') return
  if (order === 'end') {
    void db.close().finally(() => parentPort?.close())
    return
  }
  const { workerId } = order
  stop = startHeartbeat({
    ...lease,
    db,
    clock,
    workerId,
    onLost: () => parentPort?.postMessage(workerId),
  })
})
