import { type Query, sql } from '../../sql.js'
import { childrenDeleted, isWoundUp } from '../jobs/delete-job.js'
import type { JobKey } from '../jobs/find-jobs.js'

/** How many lists of jobs were looked at, beside each job that was deleted; one row without a job when none was. */
type ExpiredRow = { readonly lists: number } & (
  | JobKey
  | { readonly tenantId: null; readonly id: null }
)

/** Fewer lists than were asked for: nothing more is due. That no job was deleted does not say so. */
export function readExpired(rows: readonly ExpiredRow[]): {
  readonly lists: number
  readonly gone: readonly JobKey[]
} {
  return { lists: rows[0]!.lists, gone: rows.filter((row) => row.id !== null) }
}

/**
 * Delete jobs that have expired, and all that belongs to them. Takes at most `limit` lists, each
 * of the jobs that one statement settled. A job that was retried meanwhile has not expired
 * and stays, and so does a child whose parent may still read its result.
 */
export function deleteExpiredJobs({ limit }: { limit: number }): Query<ExpiredRow> {
  return sql`
    with due as materialized (
      select ctid as place, tenant_ids, job_ids
      from longhaul.expiries
      where expires_at <= now()
      order by expires_at
      limit ${limit}
      for update skip locked
    ),
    looked_at as (
      delete from longhaul.expiries where ctid = any(array(select place from due))
    ),
    expired as materialized (
      select job.tenant_id, job.id
      from due, unnest(due.tenant_ids, due.job_ids) as settled(tenant_id, id)
      join longhaul.jobs as job on job.tenant_id = settled.tenant_id and job.id = settled.id
      where job.expires_at <= now()
    ),
    doomed as materialized (
      select job.tenant_id, job.id
      from expired
      join longhaul.jobs as job on job.tenant_id = expired.tenant_id and job.id = expired.id
      where job.expires_at <= now() and not ${isWoundUp} and not exists (
        select from longhaul.jobs as parent
        where parent.tenant_id = job.tenant_id and parent.id = job.parent_id and parent.finished_at is null
      )
      order by job.tenant_id, job.id
      for update of job skip locked
    ),
    deleted as (
      delete from longhaul.jobs as job
      using doomed
      where job.tenant_id = doomed.tenant_id and job.id = doomed.id
      returning job.tenant_id, job.id
    ),
    passed_over as (
      -- Somebody had them locked, waits for them, or winds them up: look again in a minute.
      insert into longhaul.expiries (expires_at, tenant_ids, job_ids)
      select now() + interval '1 minute', array_agg(tenant_id), array_agg(id)
      from (select tenant_id, id from expired except select tenant_id, id from doomed) as rest
      having count(*) > 0
    ),
    ${childrenDeleted}
    select looked.lists, job.tenant_id, job.id
    from (select count(*)::integer as lists from due) as looked
    left join (select tenant_id, id from deleted) as job on true`
}
