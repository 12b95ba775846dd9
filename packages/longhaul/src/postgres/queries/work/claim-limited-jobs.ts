import { isLimited, type QueueLimits } from '../../../core/index.js'
import { type Query, sql } from '../../sql.js'
import {
  alive,
  answered,
  claimed,
  type ClaimJobs,
  type ClaimRow,
  entriesOfTurn,
} from './claim-jobs.js'
import { keysAgainInMs, keyTurns } from './key-turns.js'
import { fullAfter, roomIn, waitOf } from './lane-room.js'
import type { TakenTurn } from './turns.js'

/**
 * Claim from the locked lanes of one queue, no more of each than its limits leave: the second
 * statement of a limited claim. What has no limit is no part of the statement.
 */
export function claimLimitedJobs(
  claim: ClaimJobs,
  lanes: readonly TakenTurn[],
  limits: QueueLimits,
): Query<ClaimRow> {
  const { limit: most } = claim
  const queue = lanes[0]?.queue
  const hasKeys = isLimited(limits.perKey)
  const room = sql`(select room from queue_room)`
  const slotsOfTurn = sql`
    from longhaul.lane_slots as slot where slot.queue = turn.queue and slot.tenant_id = turn.tenant_id`
  return sql`
    with ${alive(claim)},
    queue_room as materialized (${queueRoom(limits.perQueue, { queue, most })}),
    turns as materialized (
      select turn.step::integer, turn.stretch, turn.queue, turn.tenant_id, lane.last_key,
             ${roomIn(limits.perTenant, { slots: slotsOfTurn, most })} as room,
             ${waitOf(limits.perTenant)} as wait_ms
      from ${asRows(lanes)} with ordinality as turn(queue, tenant_id, stretch, step)
      join longhaul.lanes as lane
        on lane.queue = turn.queue and lane.tenant_id = turn.tenant_id and lane.key = ''
      order by turn.step
    ),
    share as materialized (
      select greatest(1, ${room} / greatest(1, count(*)))::integer as jobs from turns where room > 0
    ),
    ${hasKeys ? sql`${keyTurns(limits.perKey, most)},` : sql``}
    due as materialized (
      select turns.step, entry.*
      from share, turns
      cross join lateral (${entries(claim, hasKeys)}) as entry
      where turns.room > 0 and exists (select from alive)
      limit ${room}
    ),
    ${spent(limits, queue)}
    ${claimed(claim)},
    slots_taken as (
      insert into longhaul.lane_slots (queue, tenant_id, key, job_id)
      select queue, tenant_id, lane_key, id from claimed
      on conflict do nothing
    )
    ${answered({
      room,
      most: lanes.length + 1,
      againInMs: sql`least(
        (select wait_ms from queue_room), (select min(wait_ms) from turns), ${hasKeys ? keysAgainInMs : sql`null`}
      )`,
    })}`
}

function queueRoom(
  limit: QueueLimits['perQueue'],
  { queue, most }: { queue: string | undefined; most: number },
): Query<never> {
  if (!isLimited(limit)) return sql`select ${most}::integer as room, null::float8 as wait_ms`
  const slots = sql`from longhaul.lane_slots as slot where slot.queue = lane.queue`
  return sql`
    select ${roomIn(limit, { slots, most })} as room, ${waitOf(limit)} as wait_ms
    from longhaul.lanes as lane
    where lane.queue = ${queue} and lane.tenant_id = '' and lane.key = ''`
}

/** The entries of a turn; with keys, of each key in its turn. */
function entries({ handled }: ClaimJobs, hasKeys: boolean): Query<never> {
  const laneKey = sql`coalesce(job.lane_key, '')`
  const count = sql`least(share.jobs, turns.room)`
  if (!hasKeys)
    return sql`select 0 as n, entry.* from (${entriesOfTurn(handled, { laneKey, count })}) as entry`
  const ofKey = entriesOfTurn(handled, {
    laneKey: sql`keys.key`,
    count: sql`least(keys.jobs, keys.room)`,
    only: sql`entry.lane_key = keys.key`,
  })
  return sql`
    select keys.n, entry.*
    from keys
    cross join lateral (${ofKey}) as entry
    where keys.step = turns.step and keys.room > 0
    limit ${count}`
}

/** What the claim takes from the rates of the lanes, and which key's turn came last. */
function spent(
  { perQueue, perTenant, perKey }: QueueLimits,
  queue: string | undefined,
): Query<never> {
  const hasKeys = isLimited(perKey)
  const lastKey = hasKeys
    ? sql`coalesce(
        (select key from keys where keys.step = turns.step and keys.n = taken.n limit 1),
        (select key from keys where keys.step = turns.step order by n desc limit 1)
      )`
    : sql`null`
  return sql`
    ${
      perQueue.rate === undefined
        ? sql``
        : sql`
    queue_spent as (
      update longhaul.lanes as lane
      set full_at = ${fullAfter(perQueue, sql`taken.jobs`)}
      from (select count(*) filter (where claimable) as jobs from due) as taken
      where lane.queue = ${queue} and lane.tenant_id = '' and lane.key = '' and taken.jobs > 0
    ),`
    }
    ${
      perTenant.rate === undefined && !hasKeys
        ? sql``
        : sql`
    tenants_spent as (
      update longhaul.lanes as lane
      set full_at = ${fullAfter(perTenant, sql`coalesce(taken.jobs, 0)`)}, last_key = ${lastKey}
      from turns
      left join (
        select step, max(n) as n, count(*) filter (where claimable) as jobs from due group by step
      ) as taken on taken.step = turns.step
      where lane.queue = turns.queue and lane.tenant_id = turns.tenant_id and lane.key = ''
        and (taken.jobs > 0 or ${hasKeys})
    ),`
    }
    ${
      perKey.rate === undefined
        ? sql``
        : sql`
    keys_spent as (
      insert into longhaul.lanes (queue, tenant_id, key, full_at)
      select taken.queue, taken.tenant_id, taken.key, ${fullAfter(perKey, sql`taken.jobs`)}
      from (
        select queue, tenant_id, lane_key as key, count(*) as jobs
        from due
        where claimable and lane_key <> ''
        group by queue, tenant_id, lane_key
      ) as taken
      left join longhaul.lanes as lane using (queue, tenant_id, key)
      on conflict (queue, tenant_id, key) do update set full_at = excluded.full_at
    ),`
    }`
}

function asRows(lanes: readonly TakenTurn[]): Query<never> {
  return sql`
    unnest(
      ${lanes.map(({ queue }) => queue)}::text[], ${lanes.map(({ tenantId }) => tenantId)}::text[],
      ${lanes.map(({ stretch }) => stretch)}::integer[]
    )`
}
