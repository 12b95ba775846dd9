import { type Query, sql } from '../../sql.js'
import { changedColumns, madeReady } from '../jobs/consequences.js'

export interface PromotedRow {
  /** The queues that have new entries. */
  readonly queues: readonly string[]
  readonly promoted: number
  /** Until the next job's time comes; null when none is waiting for its time. */
  readonly nextInMs: number | null
}

/** Make jobs ready whose time has come, at most `limit`. One row always. */
export function promoteJobs({ limit }: { limit: number }): Query<PromotedRow> {
  return sql`
    with due as materialized (
      select tenant_id, id
      from longhaul.jobs
      where promote_at <= now()
      order by promote_at
      limit ${limit}
      for no key update skip locked
    ),
    changed as (
      update longhaul.jobs as job
      set promote_at = null
      from due
      where job.tenant_id = due.tenant_id and job.id = due.id
      returning ${changedColumns}
    ),
    ${madeReady}
    select coalesce(array_agg(distinct queue::text), '{}') as queues,
           count(*)::integer as promoted,
           (
             select (extract(epoch from min(promote_at) - now()) * 1000)::float8
             from longhaul.jobs
             where promote_at > now() and promote_at < 'infinity'
           ) as next_in_ms
    from changed`
}
