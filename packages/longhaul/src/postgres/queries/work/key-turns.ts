import type { LaneLimit } from '../../../core/index.js'
import { type Query, sql } from '../../sql.js'
import { roomIn, waitOf } from './lane-room.js'

/** How many keys of a tenant one claim looks at. More of them are full only by their rate: then the claims after it go on. */
const mostKeys = 256

/** A look that did not come round is followed by another one. */
const lookAgainMs = 50

/**
 * CTEs that end in `keys(step, n, key, room, jobs, wait_ms)`: the keys of each of the `turns`, from the
 * one after the tenant's last, and how many jobs each may take. As with tenants, each step skips
 * through the index to the next key, so those that are full cost the same whatever waits behind them.
 */
export function keyTurns(limit: LaneLimit, most: number): Query<never> {
  const slots = sql`
    from longhaul.lane_slots as slot
    where slot.queue = turns.queue and slot.tenant_id = turns.tenant_id and slot.key = ring.key`
  return sql`
    keys_seen as materialized (
      select turns.step, ring.n, ring.key,
             case when ring.key = '' then ${most}::integer else ${roomIn(limit, { slots, most })} end as room,
             case when ring.key <> '' then ${waitOf(limit)} end as wait_ms
      from turns
      cross join lateral (${ringOfKeys}) as ring
      left join longhaul.lanes as lane
        on lane.queue = turns.queue and lane.tenant_id = turns.tenant_id and lane.key = ring.key
      where turns.room > 0 and ring.key is not null
    ),
    keys as materialized (
      select keys_seen.*,
             greatest(1, share.jobs / greatest(1, count(*) filter (where room > 0) over of_turn)) as jobs
      from keys_seen, share
      window of_turn as (partition by step order by n rows between unbounded preceding and unbounded following)
    )`
}

/** When to look again, in milliseconds, as SQL over `keys`. */
export const keysAgainInMs: Query<never> = sql`
  (select min(case when n = ${mostKeys} then least(wait_ms, ${lookAgainMs}) else wait_ms end) from keys)`

/** From after `turns.last_key` to the end, and from the first key to there. A row without a key begins at the first. */
const ringOfKeys: Query<never> = sql`
  with recursive ring(n, key, wrapped) as (
    select 0, turns.last_key, turns.last_key is null
    union all
    select ring.n + 1, next.key, ring.wrapped or next.key is null
    from ring
    cross join lateral (
      select case
        when ring.key is null then (
          select entry.lane_key from longhaul.ready_jobs as entry
          where entry.queue = turns.queue and entry.tenant_id = turns.tenant_id and entry.lane_key is not null
          order by entry.lane_key limit 1
        )
        else (
          select entry.lane_key from longhaul.ready_jobs as entry
          where entry.queue = turns.queue and entry.tenant_id = turns.tenant_id and entry.lane_key > ring.key
          order by entry.lane_key limit 1
        )
      end as key
    ) as next
    where ring.n < ${mostKeys}
      and (next.key is not null or not ring.wrapped)
      and (not ring.wrapped or turns.last_key is null or next.key <= turns.last_key)
  )
  select n, key from ring where n > 0`
