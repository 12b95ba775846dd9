import { type Query, sql } from '../../sql.js'

export interface LetOutRow {
  readonly letOut: number
  /** How many have passed, or are gone: others may be let out in their place. */
  readonly passed: number
  readonly left: number
}

/**
 * Let quarantined jobs out: of those that were lost with one worker the next one, when the one before
 * has passed. It has when its attempt has ended in any other way, or has run for `trialMs`. One row always.
 */
export function letJobsOut({ trialMs }: { readonly trialMs: number }): Query<LetOutRow> {
  return sql`
    with next_of_each as materialized (
      select distinct on (lost_with) tenant_id, job_id
      from longhaul.quarantined_jobs as next
      where let_out_at is null and not exists (
        select from longhaul.quarantined_jobs as other
        where other.lost_with = next.lost_with and other.let_out_at is not null
      )
      order by lost_with, goes_first desc, tenant_id, job_id
    ),
    seen as materialized (
      select job.tenant_id, job.id, quarantined.let_out_at, quarantined.runs_since,
             job.status = 'queued' and job.fence = quarantined.fence as waits,
             job.status = 'running' and job.fence = quarantined.fence + 1 as runs
      from longhaul.quarantined_jobs as quarantined
      join longhaul.jobs as job on job.tenant_id = quarantined.tenant_id and job.id = quarantined.job_id
      where quarantined.let_out_at is not null
        or (quarantined.tenant_id, quarantined.job_id) in (select tenant_id, job_id from next_of_each)
      order by job.tenant_id, job.id
      for no key update of job skip locked
    ),
    promoted as (
      update longhaul.jobs as job
      set promote_at = now()
      from seen
      where seen.waits and seen.let_out_at is null and job.promote_at is not null
        and job.tenant_id = seen.tenant_id and job.id = seen.id
    ),
    let_out as (
      update longhaul.quarantined_jobs as quarantined
      set let_out_at = now()
      from seen
      where seen.waits and seen.let_out_at is null
        and quarantined.tenant_id = seen.tenant_id and quarantined.job_id = seen.id
      returning 1
    ),
    begun as (
      update longhaul.quarantined_jobs as quarantined
      set runs_since = now()
      from seen
      where seen.runs and seen.runs_since is null
        and quarantined.tenant_id = seen.tenant_id and quarantined.job_id = seen.id
    ),
    passed as (
      delete from longhaul.quarantined_jobs as quarantined
      using seen
      where not seen.waits
        and not (seen.runs and coalesce(seen.runs_since > now() - ${trialMs} * interval '1 ms', true))
        and quarantined.tenant_id = seen.tenant_id and quarantined.job_id = seen.id
      returning 1
    )
    select (select count(*) from let_out)::integer as let_out,
           (select count(*) from passed)::integer as passed,
           (select count(*) from longhaul.quarantined_jobs)::integer as left`
}
