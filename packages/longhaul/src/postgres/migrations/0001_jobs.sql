-- 0001: jobs, their steps and cancellations, workers, and where to look for work.
--
-- Invariants live here, not only in TypeScript: whatever a future version, a console session or a
-- bug does, a row that breaks them cannot be written.
--
-- How the tables work together. A job is one row of `jobs`; that row alone says what is true.
-- Three narrow tables say where to look, so that `jobs` needs no index on anything that changes
-- while a job runs, and both claiming and finishing it are heap-only updates (docs/adr/0003):
--   ready_jobs  an entry for each job that may be claimed now; a claim deletes it
--   claims      one row for each claim *statement*: the jobs that it gave to a worker; rescue reads it
--   expiries    one row for each batch of settled jobs: when to look whether they have expired
-- Each entry is written by the statement that changes the job. A left-over entry does no harm,
-- because whoever follows it looks at the job's row under its lock.
--
-- Lock order: the job, then what belongs to it. Whatever takes many rows takes them with
-- `skip locked`, so it never waits.
--
-- There are no foreign keys to `jobs`: each insert would lock and write the job's row once more.
-- Every insert of a child happens under the job's lock instead, and deleteJobs removes them all.

insert into longhaul.migrations (number, name) values (1, 'jobs');

-- Tells one life of the database from the next. Unlogged, so that crash recovery and promotion
-- empty it: whoever finds it empty makes a new id (DESIGN: epoch).
create unlogged table longhaul.epochs (
  only_row boolean primary key default true check (only_row),
  id       text not null
);

create function longhaul.epoch() returns text
language sql stable parallel safe
return (
  select to_hex(extract(epoch from pg_postmaster_start_time())::bigint) || '-' || epochs.id
  from longhaul.epochs
);
comment on function longhaul.epoch() is
  'Null when the row has to be made anew. Another value than before: forget all known versions.';

create table longhaul.jobs (
  tenant_id               text not null check (octet_length(tenant_id) between 1 and 64),
  id                      uuid not null, -- v7, may be made by the client
  owner_id                text not null check (octet_length(owner_id) between 1 and 64),
  visibility              text not null check (visibility in ('owner', 'tenant')),
  type                    text not null check (type ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
  type_version            integer not null check (type_version >= 1),
  queue                   text not null check (queue ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
  lane_key                text check (octet_length(lane_key) <= 64), -- null: no limit applies
  status                  text not null default 'queued'
    constraint jobs_status_known
    check (status in ('queued', 'running', 'waiting', 'completed', 'failed', 'cancelled')),
  priority                integer not null default 0 check (priority between -1000 and 1000),
  run_at                  timestamptz(3) not null default now(),
  promote_at              timestamptz(3), -- when a queued job that is not ready becomes ready
  input                   jsonb not null,
  result                  jsonb,
  error                   jsonb,
  attempts                jsonb not null default '[]', -- the failed ones, at most the last 100
  metadata                jsonb,
  tags                    text[] not null default '{}',
  progress                smallint not null default 0 check (progress between 0 and 100),
  stage                   text,
  attempt                 integer not null default 0 check (attempt >= 0),
  max_attempts            integer not null check (max_attempts >= 1),
  attempts_per_retry      integer not null check (attempts_per_retry >= 1),
  fence                   integer not null default 0, -- a new number for each claim
  worker_id               uuid,
  cancel_requested_at     timestamptz(3),
  cancel_grace            interval not null,
  expires_after           interval not null,
  idempotency_key         text check (octet_length(idempotency_key) between 1 and 255),
  fingerprint             text, -- of the request, when it could be repeated: SHA-256
  parent_id               uuid,
  version                 integer not null default 1, -- grows by one with every visible change
  created_at              timestamptz(3) not null default now(),
  started_at              timestamptz(3),
  finished_at             timestamptz(3),
  expires_at              timestamptz(3),
  constraint jobs_leased_iff_running check ((status = 'running') = (worker_id is not null)),
  constraint jobs_finished_iff_settled
    check ((status in ('completed', 'failed', 'cancelled')) = (finished_at is not null)),
  constraint jobs_expire_iff_settled check ((finished_at is null) = (expires_at is null)),
  constraint jobs_result_only_if_completed check (result is null or status = 'completed'),
  constraint jobs_error_iff_failed check ((status = 'failed') = (error is not null)),
  constraint jobs_promoted_only_if_claimable
    check (promote_at is null or status in ('queued', 'waiting')),
  primary key (tenant_id, id)
)
-- Room on the page for the versions that a running job leaves behind: with 50, 85 % of the
-- updates of short jobs were heap-only; with the default of 100, none.
with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);

-- Lists of a user's own jobs, newest first. Ties are sorted by id; without the id the index stays
-- small, because the jobs of one insert share their time.
create index jobs_of_owner_idx on longhaul.jobs (tenant_id, owner_id, created_at);
-- Lists of all jobs of a tenant, newest first.
create index jobs_of_tenant_idx on longhaul.jobs (tenant_id, created_at);
-- One job for each idempotency key, and finding it.
create unique index jobs_idempotency_idx on longhaul.jobs (tenant_id, owner_id, idempotency_key)
  where idempotency_key is not null;
-- Serves promoteJobs: only jobs that wait for their time are in it.
create index jobs_promote_idx on longhaul.jobs (promote_at) where promote_at is not null;

create table longhaul.ready_jobs (
  queue        text not null,
  tenant_id    text not null,
  priority     integer not null,
  run_at       timestamptz(3) not null,
  id           uuid not null,
  type         text not null,
  type_version integer not null
)
with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
-- Serves claimJobs: a tenant's turn, in the order of its jobs.
create index ready_jobs_turn_idx on longhaul.ready_jobs (queue, tenant_id, priority desc, run_at, id);

create table longhaul.workers (
  id               uuid primary key, -- a fresh one for each process, and after a lost lease
  name             text not null,
  started_at       timestamptz(3) not null default now(),
  lease_expires_at timestamptz(3) not null
);

create table longhaul.claims (
  worker_id  uuid not null,
  number     integer not null, -- counted by the worker
  tenant_ids text[] not null,
  job_ids    uuid[] not null,
  primary key (worker_id, number)
);
comment on table longhaul.claims is
  'Every running job is in a claim of its worker. The worker deletes a claim once none of its jobs runs.';

create table longhaul.expiries (
  expires_at timestamptz(3) not null,
  tenant_ids text[] not null,
  job_ids    uuid[] not null
);
-- Serves deleteExpiredJobs.
create index expiries_due_idx on longhaul.expiries (expires_at);

create table longhaul.steps (
  tenant_id   text not null,
  job_id      uuid not null,
  key         text not null check (octet_length(key) between 1 and 512),
  position    integer not null, -- the order in which the handler reached them
  status      text not null
    constraint steps_status_known check (status in ('running', 'completed', 'failed')),
  runs        integer not null check (runs >= 1),
  attempt     integer not null,
  result      jsonb, -- null: the step returned undefined
  error       jsonb,
  started_at  timestamptz(3) not null,
  finished_at timestamptz(3),
  primary key (tenant_id, job_id, key)
);

create table longhaul.cancellations (
  tenant_id    text not null,
  id           uuid not null default gen_random_uuid(),
  job_id       uuid not null,
  requested_by text not null check (octet_length(requested_by) <= 64),
  reason       text,
  metadata     jsonb,
  status       text not null
    constraint cancellations_status_known check (status in ('pending', 'processed')),
  requested_at timestamptz(3) not null default now(),
  processed_at timestamptz(3),
  cut_off_at   timestamptz(3) not null, -- then the job is settled without its handler
  constraint cancellations_processed_iff_dated
    check ((status = 'processed') = (processed_at is not null)),
  primary key (tenant_id, id)
);
-- A job's history of cancellations, and those that finishing it answers.
create index cancellations_of_job_idx on longhaul.cancellations (tenant_id, job_id);
-- Serves cutOffJobs and findCancelledClaims: there are never many pending ones.
create index cancellations_pending_idx on longhaul.cancellations (cut_off_at)
  where status = 'pending';

-- A lane is the part of a queue that shares a limit. The row is the lock under which a claim
-- counts the lane's running jobs.
create table longhaul.lanes (
  queue       text not null,
  tenant_id   text not null,
  key         text not null,
  max_running integer not null check (max_running >= 1),
  primary key (queue, tenant_id, key)
);
-- The running jobs of limited lanes, to count them without an index on jobs.status.
create table longhaul.lane_slots (
  queue     text not null,
  tenant_id text not null,
  key       text not null,
  job_id    uuid not null,
  primary key (queue, tenant_id, key, job_id)
);

-- Roles. `longhaul_engine` is what the API and the workers are; they filter by tenant themselves
-- and may see all rows. `longhaul_reader` is for outsiders, such as a tenant's own database role:
-- row-level security shows it the rows of the tenant and user that the session names.
do $$
declare
  role_name text;
begin
  foreach role_name in array array['longhaul_engine', 'longhaul_reader'] loop
    begin
      if not exists (select from pg_roles where rolname = role_name) then
        execute format('create role %I nologin', role_name);
      end if;
    exception
      when duplicate_object or unique_violation then null; -- another database of this server was faster
      when insufficient_privilege then
        raise exception 'role % is missing, and % may not create it', role_name, current_user
          using hint = 'As an administrator: create role longhaul_engine nologin; '
            'create role longhaul_reader nologin; grant longhaul_engine to ' || current_user || ';';
    end;
  end loop;
  if not pg_has_role(current_user, 'longhaul_engine', 'usage') then
    execute format('grant longhaul_engine to %I', current_user);
  end if;
end
$$;

create function longhaul.current_tenant() returns text
language sql stable parallel safe
return nullif(current_setting('longhaul.tenant', true), '');

create function longhaul.current_user_id() returns text
language sql stable parallel safe
return nullif(current_setting('longhaul.user', true), '');

do $$
declare
  table_name text;
begin
  foreach table_name in array array[
    'jobs', 'ready_jobs', 'steps', 'cancellations', 'lanes', 'lane_slots'
  ] loop
    execute format('alter table longhaul.%I enable row level security', table_name);
    execute format('alter table longhaul.%I force row level security', table_name);
    execute format(
      'create policy engine_sees_all on longhaul.%I to longhaul_engine using (true)', table_name);
  end loop;
end
$$;

create policy reader_sees_own on longhaul.jobs for select to longhaul_reader
  using (
    tenant_id = longhaul.current_tenant()
    and (visibility = 'tenant' or owner_id = longhaul.current_user_id())
  );
create policy reader_sees_steps_of_visible_jobs on longhaul.steps for select to longhaul_reader
  using (
    tenant_id = longhaul.current_tenant()
    and exists (
      select from longhaul.jobs as job where job.tenant_id = steps.tenant_id and job.id = steps.job_id
    )
  );
create policy reader_sees_cancellations_of_visible_jobs on longhaul.cancellations
  for select to longhaul_reader
  using (
    tenant_id = longhaul.current_tenant()
    and exists (
      select from longhaul.jobs as job
      where job.tenant_id = cancellations.tenant_id and job.id = cancellations.job_id
    )
  );

grant usage on schema longhaul to longhaul_engine, longhaul_reader;
grant select, insert, update, delete on all tables in schema longhaul to longhaul_engine;
grant select on longhaul.jobs, longhaul.steps, longhaul.cancellations to longhaul_reader;
