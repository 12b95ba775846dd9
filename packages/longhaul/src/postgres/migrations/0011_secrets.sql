-- 0011: secrets that travel with one job, such as a user's own key of a model provider.
--
-- What is here was sealed by the process that enqueued the job, with a key that the database never
-- sees. A row is bound to its job: sealed for another tenant, job or name it does not open.
--
-- Secrets are gone when their job has settled. That triggers see to it, and not each statement that
-- settles or deletes jobs, is so that it holds for every process: one of the version before, a console.

insert into longhaul.migrations (number, name) values (11, 'secrets');

-- What is asked for again when the job is retried.
alter table longhaul.jobs
  add column secret_names text[]
    constraint jobs_secret_names_not_empty check (cardinality(secret_names) > 0);

create table longhaul.secrets (
  tenant_id text not null,
  job_id    uuid not null,
  name      text not null check (name ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
  key_id    text not null, -- which of the app's keys opens it
  sealed    text not null,
  primary key (tenant_id, job_id, name)
);

create function longhaul.erase_secrets() returns trigger
language plpgsql as $$
begin
  delete from longhaul.secrets where tenant_id = old.tenant_id and job_id = old.id;
  return null;
end
$$;
create trigger erase_secrets_of_settled after update on longhaul.jobs
  for each row
  when (new.secret_names is not null and new.finished_at is not null)
  execute function longhaul.erase_secrets();
create trigger erase_secrets_of_deleted after delete on longhaul.jobs
  for each row
  when (old.secret_names is not null)
  execute function longhaul.erase_secrets();

alter table longhaul.secrets enable row level security;
alter table longhaul.secrets force row level security;
create policy engine_sees_all on longhaul.secrets to longhaul_engine using (true);
grant select, insert, update, delete on longhaul.secrets to longhaul_engine;
