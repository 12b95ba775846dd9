import type { JobError, Schedule } from '../../../core/index.js'
import { type Query, sql } from '../../sql.js'

export type DueSchedule = Pick<
  Schedule,
  | 'id'
  | 'ownerId'
  | 'type'
  | 'input'
  | 'priority'
  | 'tags'
  | 'cron'
  | 'timeZone'
  | 'missed'
  | 'nextAt'
  | 'lastAt'
> & {
  readonly tenantId: string
  /** The database's clock. */
  readonly now: string
}

/** Lock schedules whose time has come, at most `limit`; those that somebody else is firing are passed over. */
export function lockDueSchedules({ limit }: { limit: number }): Query<DueSchedule> {
  return sql`
    select tenant_id, owner_id, id, job_type as type, input, priority, tags, cron, time_zone, missed,
           next_at, last_at, now() as now
    from longhaul.schedules
    where not paused and next_at <= now()
    order by next_at
    limit ${limit}
    for update skip locked`
}

/** How long until the next schedule is due, in milliseconds; null when there is none. */
export function findNextTick(): Query<{ readonly inMs: number | null }> {
  return sql`
    select (extract(epoch from min(next_at) - now()) * 1000)::float8 as in_ms
    from longhaul.schedules
    where not paused`
}

export interface FiredSchedule {
  readonly tenantId: string
  readonly ownerId: string
  readonly id: string
  readonly nextAt: string
  /** The last time for which a job was made, if one was. */
  readonly lastAt?: string
  readonly lastError?: JobError
}

/** Move schedules on whose rows this transaction has locked. */
export function advanceSchedules(fired: readonly FiredSchedule[]): Query<never> {
  const rows = fired.map(({ tenantId, ownerId, id, nextAt, lastAt, lastError }) => ({
    tenant_id: tenantId,
    owner_id: ownerId,
    id,
    next_at: nextAt,
    last_at: lastAt,
    last_error: lastError,
  }))
  return sql`
    update longhaul.schedules as schedule
    set next_at = fired.next_at,
        last_at = coalesce(fired.last_at, schedule.last_at),
        last_error = fired.last_error
    from json_to_recordset(${JSON.stringify(rows)}) as fired(
      tenant_id text, owner_id text, id text, next_at timestamptz, last_at timestamptz, last_error jsonb
    )
    where schedule.tenant_id = fired.tenant_id and schedule.owner_id = fired.owner_id
      and schedule.id = fired.id`
}
