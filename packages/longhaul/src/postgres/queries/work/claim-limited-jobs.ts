import { type Query, sql } from '../../sql.js'
import {
  alive,
  answered,
  claimed,
  type ClaimJobs,
  type ClaimRow,
  entriesOfTurn,
} from './claim-jobs.js'
import { mostTurns, type TakenTurn, turnsFrom } from './turns.js'

/** A lane whose row this transaction has locked. */
export interface LockedLane extends TakenTurn {
  readonly key: string
  readonly maxRunning: number
}

/** A turn, with its lane when this transaction has locked it. */
export interface LaneRow extends TakenTurn {
  readonly key: string | null
  readonly maxRunning: number | null
  /** False when the tenant's jobs were enqueued before their type had a limit. */
  readonly hasLane: boolean
}

/**
 * Lock the lanes whose turn is next, so that nobody else counts or fills them meanwhile. The first
 * of the two statements of a limited claim: the second then sees what the lanes hold. Lanes that
 * somebody else has locked are passed over.
 */
export function lockLanes({ round, limit }: ClaimJobs): Query<LaneRow> {
  return sql`
    with recursive ${turnsFrom(round, mostTurns(limit))},
    locked as materialized (
      select lane.queue, lane.tenant_id, lane.key, lane.max_running
      from turns
      join longhaul.lanes as lane on lane.queue = turns.queue and lane.tenant_id = turns.tenant_id
      for update of lane skip locked
    )
    select turns.stretch, turns.queue, turns.tenant_id, locked.key, locked.max_running, exists (
      select from longhaul.lanes as lane
      where lane.queue = turns.queue and lane.tenant_id = turns.tenant_id
    ) as has_lane
    from turns
    left join locked on locked.queue = turns.queue and locked.tenant_id = turns.tenant_id
    order by turns.step`
}

/** Make the lanes of jobs that were enqueued before their type had a limit. */
export function makeLanes(lanes: readonly LockedLane[]): Query<never> {
  return sql`
    insert into longhaul.lanes (queue, tenant_id, key, max_running)
    select queue, tenant_id, key, max_running
    from ${asRows(lanes)} as lane(queue, tenant_id, key, max_running, stretch)
    order by 1, 2, 3
    on conflict do nothing`
}

/** Claim from locked lanes, no more of each than its limit leaves. */
export function claimLimitedJobs(claim: ClaimJobs, lanes: readonly LockedLane[]): Query<ClaimRow> {
  const { handled, limit } = claim
  return sql`
    with ${alive(claim)},
    turns as materialized (
      select lane.step, lane.stretch, lane.queue, lane.tenant_id, lane.max_running - (
        select count(*) from longhaul.lane_slots as slot
        where slot.queue = lane.queue and slot.tenant_id = lane.tenant_id and slot.key = lane.key
      )::integer as room
      from ${asRows(lanes)} with ordinality as lane(queue, tenant_id, key, max_running, stretch, step)
    ),
    share as (
      select greatest(1, ${limit} / greatest(1, count(*)))::integer as jobs from turns where room > 0
    ),
    due as materialized (
      select turns.step, entry.*
      from share, turns
      cross join lateral (
        ${entriesOfTurn(handled, sql`coalesce(job.lane_key, '')`, sql`least(share.jobs, turns.room)`)}
      ) as entry
      where turns.room > 0 and exists (select from alive)
      limit ${limit}
    ),
    slots_taken as (
      insert into longhaul.lane_slots (queue, tenant_id, key, job_id)
      select queue, tenant_id, lane_key, id from due where claimable
      on conflict do nothing
    ),
    ${claimed(claim)}
    ${answered(limit, lanes.length + 1)}`
}

function asRows(lanes: readonly LockedLane[]): Query<never> {
  return sql`
    unnest(
      ${lanes.map(({ queue }) => queue)}::text[], ${lanes.map(({ tenantId }) => tenantId)}::text[],
      ${lanes.map(({ key }) => key)}::text[], ${lanes.map(({ maxRunning }) => maxRunning)}::integer[],
      ${lanes.map(({ stretch }) => stretch)}::integer[]
    )`
}
