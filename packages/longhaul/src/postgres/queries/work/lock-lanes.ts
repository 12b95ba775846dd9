import { type Query, sql } from '../../sql.js'
import type { ClaimJobs } from './claim-jobs.js'
import { mostTurns, type TakenTurn, turnsFrom } from './turns.js'

/** A turn, and whether this transaction has locked its lane. The lane of the whole queue has '' for a tenant. */
export interface LaneRow extends TakenTurn {
  readonly locked: boolean
  /** Nobody has made it yet. */
  readonly missing: boolean
  readonly paused: boolean
}

/**
 * Lock the lanes whose turn is next, so that nobody else counts or fills them meanwhile. The first
 * of the two statements of a limited claim: the second then sees what the lanes hold. Lanes that
 * somebody else has locked are passed over.
 */
export function lockLanes(
  { round, limit }: ClaimJobs,
  { ofQueue }: { readonly ofQueue: boolean },
): Query<LaneRow> {
  const all = ofQueue
    ? sql`select 0 as step, 1 as stretch, ${round[0]?.queue}::text as queue, '' as tenant_id, false as paused
          union all select * from turns`
    : sql`select * from turns`
  return sql`
    with recursive ${turnsFrom(round, mostTurns(limit))},
    wanted as materialized (${all}),
    locked as materialized (
      select lane.queue, lane.tenant_id
      from wanted
      join longhaul.lanes as lane
        on lane.queue = wanted.queue and lane.tenant_id = wanted.tenant_id and lane.key = ''
      where not wanted.paused
      for update of lane skip locked
    )
    select wanted.stretch, wanted.queue, wanted.tenant_id, wanted.paused, locked.queue is not null as locked,
           not exists (
             select from longhaul.lanes as lane
             where lane.queue = wanted.queue and lane.tenant_id = wanted.tenant_id and lane.key = ''
           ) as missing
    from wanted
    left join locked on locked.queue = wanted.queue and locked.tenant_id = wanted.tenant_id
    order by wanted.step`
}

export function makeLanes(lanes: readonly TakenTurn[]): Query<never> {
  return sql`
    insert into longhaul.lanes (queue, tenant_id, key)
    select queue, tenant_id, ''
    from unnest(
      ${lanes.map(({ queue }) => queue)}::text[], ${lanes.map(({ tenantId }) => tenantId)}::text[]
    ) as lane(queue, tenant_id)
    order by 1, 2
    on conflict do nothing`
}

/**
 * Entries that were made before the queue had limits per key get into the line of those without
 * one. Only a tenant's first entries are looked at: the rest come to the front as these are taken.
 */
export function lineUpKeyless(lanes: readonly TakenTurn[]): Query<never> {
  return sql`
    update longhaul.ready_jobs as entry
    set lane_key = ''
    from unnest(
      ${lanes.map(({ queue }) => queue)}::text[], ${lanes.map(({ tenantId }) => tenantId)}::text[]
    ) as lane(queue, tenant_id)
    cross join lateral (
      select first.ctid as place, first.lane_key
      from longhaul.ready_jobs as first
      where first.queue = lane.queue and first.tenant_id = lane.tenant_id
      order by first.priority desc, first.run_at, first.id
      limit 20
    ) as head
    where entry.ctid = head.place and head.lane_key is null and entry.lane_key is null`
}

/** Forget the lanes of keys whose rate no longer holds anything back: they are as if there were none. */
export function forgetFullLanes({ limit }: { limit: number }): Query<{ queue: string }> {
  return sql`
    delete from longhaul.lanes
    where ctid = any(array(
      select ctid from longhaul.lanes
      where key <> '' and full_at < now()
      limit ${limit}
      for update skip locked
    ))
    returning queue`
}
