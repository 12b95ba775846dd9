/** Time, which passes when the test says so: rows are aged, not clocks. */
import type { TestDatabase } from '../database.js'

/** How long a job that was let out of quarantine has to run is not for a real clock to say. */
export async function stopClock(db: TestDatabase): Promise<void> {
  await db.query(trialsLast)
}

/** All that waits for time has waited long enough. */
export async function age(db: TestDatabase): Promise<void> {
  await db.query(waitsEnd)
  await db.query(jobsAreDue)
  await db.query(trialsEnd)
}

const waitsEnd = `
  update longhaul.steps set wakes_at = now() where status = 'running' and wakes_at is not null`

const trialsLast = `
  create function public.make_trial_last() returns trigger language plpgsql as $$
  begin
    if new.runs_since > now() - interval '1 hour' then new.runs_since := 'infinity'; end if;
    return new;
  end $$;
  create trigger make_trial_last before update on longhaul.quarantined_jobs
    for each row execute function public.make_trial_last()`

const trialsEnd = `
  update longhaul.quarantined_jobs as quarantined
  set runs_since = now() - interval '1 day'
  from longhaul.jobs as job
  where job.id = quarantined.job_id and job.status = 'running' and job.fence = quarantined.fence + 1`

/** But those in quarantine wait for each other. */
const jobsAreDue = `
  update longhaul.jobs as job
  set promote_at = now()
  where promote_at < 'infinity' and not exists (
    select from longhaul.quarantined_jobs as quarantined
    where quarantined.job_id = job.id and quarantined.let_out_at is null
      and job.status = 'queued' and job.fence = quarantined.fence
  )`
