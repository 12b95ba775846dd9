import { type Query, sql } from '../../sql.js'

/** How often in a row an attempt that was lost is not counted: then it is, so that every job comes to an end. */
const mostSpared = 2

/** When a quarantined job becomes ready though nobody has let it out. */
export const outByItself: Query<never> = sql`now() + interval '1 hour'`

/**
 * A CTE over one called `orphans`, all jobs of lost workers, also those that somebody has locked and that are
 * passed over this time. It says of each what it is suspected of:
 * `is_repeated`: it was lost the time before as well. `was_out`: it had been let out, the only one of those
 * it was lost with. `counts`: the attempt counts. When none of the worker's jobs was lost before, it does for
 * all; later only for one that is known to be at fault, being alone or let out.
 */
export const suspected: Query<never> = sql`
  suspected as materialized (
    select orphan.*,
           was_out or spared >= ${mostSpared} or (count(*) over company = 1 and not has_left_company)
             or not bool_or(is_repeated) over company as counts
    from (
      select orphans.*, quarantined.let_out_at is not null and quarantined.fence < orphans.fence as was_out,
             coalesce(
               orphans.attempts -> -1 -> 'error' ->> 'code' = 'worker_lost'
                 and (orphans.attempts -> -1 ->> 'attempt')::integer >= orphans.attempt - 1,
               false
             ) as is_repeated,
             (
               select count(*) from jsonb_array_elements(orphans.attempts) as entry
               where (entry ->> 'attempt')::integer = orphans.attempt
             ) as spared,
             exists (
               select from longhaul.quarantined_jobs as other where other.lost_with = orphans.worker_id
             ) as has_left_company
      from orphans
      left join longhaul.quarantined_jobs as quarantined
        on quarantined.tenant_id = orphans.tenant_id and quarantined.job_id = orphans.id
    ) as orphan
    window company as (partition by worker_id)
  )`

/** A CTE that quarantines those of `changed` that were lost again and go on. */
export const quarantined: Query<never> = sql`
  quarantined as (
    insert into longhaul.quarantined_jobs as quarantined (tenant_id, job_id, lost_with, fence, goes_first)
    select suspected.tenant_id, suspected.id, suspected.worker_id, suspected.fence, suspected.was_out
    from suspected
    join changed on changed.tenant_id = suspected.tenant_id and changed.id = suspected.id
    where suspected.is_repeated and changed.status = 'queued'
    on conflict (tenant_id, job_id) do update
    set lost_with = excluded.lost_with, fence = excluded.fence, goes_first = excluded.goes_first,
        let_out_at = null, runs_since = null
  )`
