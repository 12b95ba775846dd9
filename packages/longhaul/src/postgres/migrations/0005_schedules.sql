-- 0005: schedules, which make a job at each time of a cron expression.
--
-- Whoever fires a schedule has its row locked, inserts the jobs and moves `next_at` on in one
-- transaction: any number of processes can do it, and each time makes one job.

insert into longhaul.migrations (number, name) values (5, 'schedules');

create table longhaul.schedules (
  tenant_id  text not null check (octet_length(tenant_id) between 1 and 64),
  owner_id   text not null check (octet_length(owner_id) between 1 and 64),
  id         text not null check (id ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
  job_type   text not null,
  input      jsonb not null,
  priority   integer not null,
  tags       text[] not null,
  cron       text not null,
  time_zone  text not null,
  missed     text not null check (missed in ('skip', 'once', 'all')),
  paused     boolean not null,
  next_at    timestamptz(3) not null,
  last_at    timestamptz(3), -- the last time for which a job was made
  last_error jsonb, -- why the last time made none
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  primary key (tenant_id, owner_id, id)
);
-- Serves lockDueSchedules.
create index schedules_due_idx on longhaul.schedules (next_at) where not paused;

alter table longhaul.schedules enable row level security;
alter table longhaul.schedules force row level security;
create policy engine_sees_all on longhaul.schedules to longhaul_engine using (true);
create policy reader_sees_own on longhaul.schedules for select to longhaul_reader
  using (tenant_id = longhaul.current_tenant() and owner_id = longhaul.current_user_id());
grant select, insert, update, delete on longhaul.schedules to longhaul_engine;
grant select on longhaul.schedules to longhaul_reader;
