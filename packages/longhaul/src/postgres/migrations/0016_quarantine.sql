-- 0016: jobs that were lost with their process more than once, which are let out one at a time.
--
-- Whoever of the jobs of a process has killed it cannot be told at first. Those that are lost a second
-- time in a row get a row here and are not ready: they are let out one after the other, so that the one
-- that kills is known by being there alone. `jobs` says nothing of it but a `promote_at` far off, so
-- that a job comes out by itself should nobody let it out. Other jobs pay nothing.
--
-- Lock order: the job, then its row here.

insert into longhaul.migrations (number, name) values (16, 'quarantine');

create table longhaul.quarantined_jobs (
  tenant_id  text not null,
  job_id     uuid not null,
  lost_with  uuid not null, -- the worker: its jobs are let out one at a time
  fence      integer not null, -- of the claim that was lost
  goes_first boolean not null, -- it was let out before, and was lost again
  let_out_at timestamptz(3),
  runs_since timestamptz(3), -- seen to run after it was let out
  primary key (tenant_id, job_id)
);

alter table longhaul.quarantined_jobs enable row level security;
alter table longhaul.quarantined_jobs force row level security;
create policy engine_sees_all on longhaul.quarantined_jobs to longhaul_engine using (true);
grant select, insert, update, delete on longhaul.quarantined_jobs to longhaul_engine;
