import type { LaneLimit } from '../../../core/index.js'
import { type Query, sql } from '../../sql.js'

/**
 * How many more jobs may start in a lane, as SQL: what its running jobs and its rate leave, at most
 * `most`. `slots` selects from the lane's slots, and its row is `lane`.
 */
export function roomIn(
  { running, rate }: LaneLimit,
  { slots, most }: { readonly slots: Query<never>; readonly most: number },
): Query<never> {
  const unused =
    running === undefined ? sql`null` : sql`${running}::bigint - (select count(*) ${slots})`
  const tokens = rate === undefined ? sql`null` : sql`floor(${tokensOf(rate)} + 1e-6)`
  return sql`greatest(0, least(${most}::integer, ${unused}, ${tokens}))::integer`
}

/** In how many milliseconds the next job may start by the lane's rate; null when one may now. */
export function waitOf({ rate }: LaneLimit): Query<never> {
  if (rate === undefined) return sql`null::float8`
  return sql`
    case when ${tokensOf(rate)} < 1 - 1e-6
      then ${msUntilFull} - ${(rate.perMs * (rate.limit - 1)) / rate.limit}::float8
    end`
}

/** When the lane's bucket is full after so many more have been taken from it. */
export function fullAfter({ rate }: LaneLimit, taken: Query<never>): Query<never> {
  if (rate === undefined) return sql`lane.full_at`
  const msEach = rate.perMs / rate.limit
  return sql`greatest(lane.full_at, now()) + ${taken} * ${msEach}::float8 * interval '1 ms'`
}

const msUntilFull = sql`greatest(0, extract(epoch from lane.full_at - now()) * 1000)::float8`

function tokensOf({ limit, perMs }: NonNullable<LaneLimit['rate']>): Query<never> {
  return sql`${limit}::float8 - ${msUntilFull} * ${limit / perMs}::float8`
}
