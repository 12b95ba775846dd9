-- 0006: lanes with limits of a whole queue, of a tenant in it and of a key of a tenant, in jobs
-- that run at once and in jobs that start in a time; and lanes that are paused.
--
-- Breaking: a lane has its limits no more; they are part of the job types that the worker knows.
--
-- A lane is (queue, tenant, key). Without a key it is all of the tenant's jobs in the queue, and
-- with '' for a tenant all of the queue's. Its row is the lock under which a claim counts and fills
-- it; the lanes of keys are guarded by their tenant's.

insert into longhaul.migrations (number, name, breaking) values (6, 'lanes', true);

alter table longhaul.lanes
  drop column max_running,
  -- A rate is a bucket that fills evenly. This is when it will be full; past or null: it is.
  add column full_at timestamptz,
  -- Of a tenant: the key whose turn came last.
  add column last_key text,
  add column paused_at timestamptz(3),
  add column paused_by text check (octet_length(paused_by) between 1 and 64),
  add constraint lanes_paused_by_somebody check ((paused_at is null) = (paused_by is null));
-- Serves every claim, to pass over what is paused: it is empty unless something is.
create index lanes_paused_idx on longhaul.lanes (queue, tenant_id) where paused_at is not null;
-- Serves forgetFullLanes.
create index lanes_full_idx on longhaul.lanes (full_at) where key <> '';

-- Null: the queue has no limit per key, so there is one line of jobs for each tenant.
alter table longhaul.ready_jobs add column lane_key text;
-- Serves claimLimitedJobs, where keys take turns; nothing else is in it.
create index ready_jobs_lane_idx
  on longhaul.ready_jobs (queue, tenant_id, lane_key, priority desc, run_at, id)
  where lane_key is not null;
