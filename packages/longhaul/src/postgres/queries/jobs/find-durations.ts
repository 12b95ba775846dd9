import type { Principal } from '../../../core/index.js'
import { planned, type Query, sql } from '../../sql.js'
import { visibleTo } from './job-columns.js'

/** How long the recent completed jobs of a type took, from their first claim to their end. */
export interface JobDuration {
  readonly type: string
  readonly runs: number
  readonly medianMs: number
  readonly p90Ms: number
}

/** Only so many of the newest jobs are looked at, however many there are. */
const newest = 500

/** How long the principal's own recent jobs took, by type. */
export function findDurations(principal: Principal, types: readonly string[]): Query<JobDuration> {
  return sql`
    with recent as materialized (
      select job.type, job.status, extract(epoch from job.finished_at - job.started_at) * 1000 as ms
      from longhaul.jobs as job
      where ${visibleTo(principal)} and job.owner_id = ${principal.userId}
      order by job.created_at desc
      limit ${planned(newest)}
    )
    select type,
           count(*)::integer as runs,
           round(percentile_cont(0.5) within group (order by ms))::integer as median_ms,
           round(percentile_cont(0.9) within group (order by ms))::integer as p90_ms
    from recent
    where type = any(${types}) and status = 'completed' and ms is not null
    group by type
    order by type`
}
