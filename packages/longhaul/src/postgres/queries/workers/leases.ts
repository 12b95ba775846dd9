import { type Query, sql } from '../../sql.js'
import type { Handled } from '../work/claim-jobs.js'

export interface WorkerLease {
  readonly workerId: string
  readonly leaseMs: number
}

export interface RegisterWorker extends WorkerLease {
  readonly name: string
  /** What it has the handlers of. */
  readonly handled: readonly Handled[]
}

export function registerWorker({ workerId, leaseMs, name, handled }: RegisterWorker): Query<never> {
  return sql`
    insert into longhaul.workers (id, name, handles, lease_expires_at)
    values (
      ${workerId}, ${name}, ${handled.map(({ type, version }) => `${type} ${version}`)}::text[],
      now() + ${leaseMs} * interval '1 ms'
    )`
}

/** Extend a lease that is still alive. No row: it is lost, and rescue may have begun. */
export function renewLease({ workerId, leaseMs }: WorkerLease): Query<{ id: string }> {
  return sql`
    update longhaul.workers
    set lease_expires_at = now() + ${leaseMs} * interval '1 ms'
    where id = ${workerId} and lease_expires_at > now()
    returning id`
}

/** Give up the lease at once, so that what the worker still holds is rescued without delay. */
export function removeWorker(workerId: string): Query<never> {
  return sql`delete from longhaul.workers where id = ${workerId}`
}

/** Forget workers whose lease ended long ago. Their jobs have been rescued, or are as soon as the row is gone. */
export function removeDeadWorkers(): Query<{ id: string }> {
  return sql`
    delete from longhaul.workers
    where lease_expires_at < now() - interval '1 hour'
    returning id`
}
