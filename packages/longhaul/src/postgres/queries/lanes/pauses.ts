import { type Query, sql } from '../../sql.js'

/** A lane to pause: a tenant's jobs in a queue or, with '' for the tenant, all jobs of the queue. */
export interface PausedLane {
  readonly queue: string
  readonly tenantId: string
}

/** Pause a lane: from now on no claim takes jobs of it. One that is paused stays as it was. */
export function pauseLane({ queue, tenantId }: PausedLane, by: string): Query<never> {
  return sql`
    insert into longhaul.lanes as lane (queue, tenant_id, key, paused_at, paused_by)
    values (${queue}, ${tenantId}, '', now(), ${by})
    on conflict (queue, tenant_id, key) do update
    set paused_at = coalesce(lane.paused_at, excluded.paused_at),
        paused_by = coalesce(lane.paused_by, excluded.paused_by)`
}

/** A row: it was paused. */
export function resumeLane({ queue, tenantId }: PausedLane): Query<{ queue: string }> {
  return sql`
    update longhaul.lanes
    set paused_at = null, paused_by = null
    where queue = ${queue} and tenant_id = ${tenantId} and key = '' and paused_at is not null
    returning queue`
}

export interface PauseRow extends PausedLane {
  readonly pausedAt: string
  readonly pausedBy: string
}

/** What is paused for a tenant: its own lanes, and whole queues. */
export function findPauses(tenantId: string): Query<PauseRow> {
  return sql`
    select queue, tenant_id, paused_at, paused_by
    from longhaul.lanes
    where paused_at is not null and tenant_id in ('', ${tenantId})
    order by queue, tenant_id`
}

export function countPauses(): Query<{ paused: number }> {
  return sql`select count(*)::integer as paused from longhaul.lanes where paused_at is not null`
}
