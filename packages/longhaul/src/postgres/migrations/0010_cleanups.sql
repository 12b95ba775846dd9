-- 0010: clean-ups: what is left to do when a job has been cancelled after it had begun.
--
-- A clean-up is noted in the moment in which the job settles as cancelled, and the note is deleted
-- when it has been carried out: whichever process dies in between, another finds it. That a trigger
-- writes the note, and not each statement that can settle a job, is for the hour of a deploy in which
-- processes that do not know of clean-ups still settle some.
--
-- Lock order: the job, then its clean-up.

insert into longhaul.migrations (number, name) values (10, 'cleanups');

alter table longhaul.jobs
  add column cleans_up boolean not null default false; -- its type has an onCancel

create table longhaul.cleanups (
  tenant_id    text not null,
  job_id       uuid not null,
  type         text not null,
  type_version integer not null,
  due_at       timestamptz(3) not null default now(), -- of one that runs: when it is taken for dead
  runs         integer not null default 0,
  run_id       uuid, -- of the run that is under way
  primary key (tenant_id, job_id)
);
-- Serves takeCleanups: there are never many.
create index cleanups_due_idx on longhaul.cleanups (type, type_version, due_at);

create function longhaul.note_cleanup() returns trigger
language plpgsql as $$
begin
  insert into longhaul.cleanups as cleanup (tenant_id, job_id, type, type_version)
  values (new.tenant_id, new.id, new.type, new.type_version)
  on conflict (tenant_id, job_id) do update
  -- The job was retried while one was under way, and is cancelled again. It has waited for that one.
  set runs = 0,
      run_id = case when cleanup.due_at > now() then cleanup.run_id end,
      due_at = greatest(now(), cleanup.due_at);
  return null;
end
$$;
create trigger note_cleanup after update on longhaul.jobs
  for each row
  when (new.cleans_up and new.status = 'cancelled' and old.status <> 'cancelled' and new.fence > 0)
  execute function longhaul.note_cleanup();

alter table longhaul.cleanups enable row level security;
alter table longhaul.cleanups force row level security;
create policy engine_sees_all on longhaul.cleanups to longhaul_engine using (true);
grant select, insert, update, delete on longhaul.cleanups to longhaul_engine;
