-- 0007: singletons: jobs of which one at a time is under way.
--
-- Whoever enqueues one locks its place, and then looks whether the job that holds it has settled.
-- Settling a job does not touch its place, so jobs that are no singletons pay nothing.

insert into longhaul.migrations (number, name) values (7, 'singletons');

create table longhaul.singletons (
  tenant_id text not null,
  owner_id  text not null, -- '': one for the whole tenant, whose users all see the job
  type      text not null,
  key       text not null check (octet_length(key) <= 64), -- '': one of the type
  job_id    uuid not null,
  primary key (tenant_id, owner_id, type, key)
);
-- Serves whatever deletes jobs.
create index singletons_of_job_idx on longhaul.singletons (tenant_id, job_id);

alter table longhaul.singletons enable row level security;
alter table longhaul.singletons force row level security;
create policy engine_sees_all on longhaul.singletons to longhaul_engine using (true);
grant select, insert, update, delete on longhaul.singletons to longhaul_engine;
