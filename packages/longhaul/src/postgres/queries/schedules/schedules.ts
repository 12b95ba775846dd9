import type { MissedTicks, Principal, Schedule } from '../../../core/index.js'
import { type Query, sql } from '../../sql.js'

const scheduleColumns: Query<Schedule> = sql`
  schedule.id, schedule.owner_id, schedule.job_type as type, schedule.input, schedule.priority,
  schedule.tags, schedule.cron, schedule.time_zone, schedule.missed, schedule.paused,
  schedule.next_at, schedule.last_at, schedule.last_error, schedule.created_at, schedule.updated_at`

export interface NewSchedule {
  readonly id: string
  readonly type: string
  /** JSON text. */
  readonly input: string
  readonly priority: number
  readonly tags: readonly string[]
  readonly cron: string
  readonly timeZone: string
  readonly missed: MissedTicks
  readonly paused: boolean
  /** RFC 3339. */
  readonly nextAt: string
}

/**
 * Make a schedule, or change the one of that name. With the same times as before it keeps what is
 * due: an app that sets it at every start must not lose what it missed while it was down. What was
 * due at other times, or while it was paused, is not made up for. A later time than the one that is
 * given is of a process that could not tell it.
 */
export function putSchedule(
  { tenantId, userId }: Principal,
  schedule: NewSchedule,
): Query<Schedule> {
  const { id, type, input, priority, tags, cron, timeZone, missed, paused, nextAt } = schedule
  return sql`
    insert into longhaul.schedules as schedule (
      tenant_id, owner_id, id, job_type, input, priority, tags, cron, time_zone, missed, paused, next_at
    )
    values (
      ${tenantId}, ${userId}, ${id}, ${type}, ${input}::jsonb, ${priority}, ${tags}::text[], ${cron},
      ${timeZone}, ${missed}, ${paused}, ${nextAt}
    )
    on conflict (tenant_id, owner_id, id) do update
    set job_type = excluded.job_type, input = excluded.input, priority = excluded.priority,
        tags = excluded.tags, cron = excluded.cron, time_zone = excluded.time_zone,
        missed = excluded.missed, paused = excluded.paused,
        next_at = case
          when (schedule.cron, schedule.time_zone, schedule.paused, excluded.paused)
            = (excluded.cron, excluded.time_zone, false, false)
          then least(schedule.next_at, excluded.next_at)
          else excluded.next_at
        end,
        last_error = null, updated_at = now()
    returning ${scheduleColumns}`
}

/** A principal's own schedules, by name; with `id`, the one of that name. */
export function findSchedules({ tenantId, userId }: Principal, id?: string): Query<Schedule> {
  return sql`
    select ${scheduleColumns}
    from longhaul.schedules as schedule
    where schedule.tenant_id = ${tenantId} and schedule.owner_id = ${userId}
      and (${id ?? null}::text is null or schedule.id = ${id ?? null})
    order by schedule.id
    limit 1000`
}

/** How many a principal has, and what time it is by the database's clock: one row always. */
export function countSchedules({
  tenantId,
  userId,
}: Principal): Query<{ count: number; now: string }> {
  return sql`
    select count(*)::integer as count, now() as now from longhaul.schedules
    where tenant_id = ${tenantId} and owner_id = ${userId}`
}

export function deleteSchedule({ tenantId, userId }: Principal, id: string): Query<{ id: string }> {
  return sql`
    delete from longhaul.schedules
    where tenant_id = ${tenantId} and owner_id = ${userId} and id = ${id}
    returning id`
}
