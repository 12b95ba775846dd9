import { type Query, sql } from '../../sql.js'

/** A tenant's turn in a queue. */
export interface Turn {
  readonly queue: string
  readonly tenantId: string
}

/** A turn, and in which stretch of the round it was. */
export interface TakenTurn extends Turn {
  readonly stretch: number
}

/** How many turns one claim looks at, at least: those in which there is nothing to take for this worker are passed over. */
const turnsAtOnce = 64

export function mostTurns(limit: number): number {
  return Math.max(limit, turnsAtOnce)
}

/**
 * CTEs that end in `turns(step, stretch, queue, tenant_id, paused)`: the tenants that have entries,
 * in the order of the round, at most `most` of them. A paused queue has no turns.
 *
 * Each step skips through the index to the next tenant, so a turn costs the same however many jobs
 * the others have waiting (a loose index scan).
 */
export function turnsFrom(stretches: readonly Stretch[], most: number): Query<never> {
  return sql`
    stretches as materialized (
      select stretch.*, exists (
        select from longhaul.lanes as lane
        where lane.queue = stretch.queue and lane.tenant_id = '' and lane.paused_at is not null
      ) as paused
      from unnest(
        ${stretches.map(({ queue }) => queue)}::text[], ${stretches.map((each) => each.after)}::text[],
        ${stretches.map(({ upTo }) => upTo)}::text[]
      ) with ordinality as stretch(queue, after, up_to, number)
    ),
    walk(step, number, queue, up_to, tenant_id) as (
      select 0, 0::bigint, '', null::text, null::text
      union all
      select walk.step + 1, stretch.number, stretch.queue, stretch.up_to, (
        select entry.tenant_id from longhaul.ready_jobs as entry
        where not stretch.paused and entry.queue = stretch.queue
          and entry.tenant_id > coalesce(walk.tenant_id, stretch.after)
        order by entry.tenant_id limit 1
      )
      from walk
      -- A stretch that has no more tenants is followed by the next one.
      join stretches as stretch
        on stretch.number = walk.number + case when walk.tenant_id is null then 1 else 0 end
      where walk.tenant_id is null or walk.up_to is null or walk.tenant_id <= walk.up_to
    ),
    turns as materialized (
      select step, number::integer as stretch, queue, tenant_id, exists (
        select from longhaul.lanes as lane
        where lane.queue = walk.queue and lane.tenant_id = walk.tenant_id and lane.paused_at is not null
      ) as paused
      from walk
      where tenant_id is not null and (up_to is null or tenant_id <= up_to)
      limit ${most}
    )`
}

/** A part of one queue's tenants. */
export interface Stretch {
  readonly queue: string
  readonly after: string
  readonly upTo: string | null
}

/** Each queue once, in a ring: the one of the last turn comes first from there on, and last up to there. */
export function roundAfter(queues: readonly string[], after: Turn | undefined): Stretch[] {
  const sorted = queues.toSorted()
  const whole = (queue: string): Stretch => ({ queue, after: '', upTo: null })
  const begin = after === undefined ? -1 : sorted.indexOf(after.queue)
  if (after === undefined || begin === -1) return sorted.map(whole)
  return [
    { queue: after.queue, after: after.tenantId, upTo: null },
    ...[...sorted.slice(begin + 1), ...sorted.slice(0, begin)].map(whole),
    { queue: after.queue, after: '', upTo: after.tenantId },
  ]
}

/** What is left of a round after this turn of it. */
export function roundLeft(round: readonly Stretch[], last: TakenTurn): Stretch[] {
  return round
    .slice(last.stretch - 1)
    .map((each, n) => (n === 0 ? { ...each, after: last.tenantId } : each))
}
