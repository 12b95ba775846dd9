/**
 * What opens the public columns of jobs to database roles of others, once somebody asks for it. It can
 * be run any number of times, and again after an upgrade.
 *
 * Three roles, by whence it is known who asks; each has policies of its own:
 *   longhaul_reader  from settings of the session (migration 0001): the app itself speaks
 *   longhaul_claims  from the claims of a token that PostgREST has checked: Supabase's `authenticated`
 *   longhaul_tenant  from the role itself, which is bound to a tenant and may write SQL of its own
 * Nothing that a bound role can set or call tells of more: its tenant is a row of `tenant_roles`, which only the engine writes.
 */
export const publicJobColumns: string = [
  'tenant_id',
  'id',
  'type',
  'type_version',
  'queue',
  'owner_id',
  'visibility',
  'priority',
  'input',
  'metadata',
  'tags',
  'parent_id',
  'created_at',
  'status',
  'version',
  'progress',
  'stage',
  'result',
  'error',
  'attempt',
  'max_attempts',
  'run_at',
  'cancel_requested_at',
  'started_at',
  'finished_at',
  'expires_at',
].join(', ')

const publicStepColumns =
  'tenant_id, job_id, key, position, kind, status, runs, started_at, finished_at'

export const outsidersScript: string = `
do $$
declare
  role_name text;
begin
  foreach role_name in array array['longhaul_claims', 'longhaul_tenant'] loop
    begin
      if not exists (select from pg_roles where rolname = role_name) then
        execute format('create role %I nologin', role_name);
      end if;
    exception
      when duplicate_object or unique_violation then null; -- another database of this server was faster
    end;
  end loop;
end
$$;

drop policy if exists role_sees_itself on longhaul.tenant_roles;
create policy role_sees_itself on longhaul.tenant_roles for select to longhaul_tenant
  using (role_name = current_user);

-- As PostgREST sets them. A claim that users can write themselves (user_metadata) says nothing.
create or replace function longhaul.claims() returns jsonb
language sql stable parallel safe
return nullif(current_setting('request.jwt.claims', true), '')::jsonb;

create or replace function longhaul.claimed_tenant() returns text
language sql stable parallel safe
return coalesce(longhaul.claims() #>> '{app_metadata,tenant_id}', longhaul.claims() ->> 'tenant_id');

create or replace function longhaul.claimed_user_id() returns text
language sql stable parallel safe
return longhaul.claims() ->> 'sub';

drop policy if exists claims_see_own on longhaul.jobs;
create policy claims_see_own on longhaul.jobs for select to longhaul_claims
  using (
    tenant_id = (select longhaul.claimed_tenant())
    and (visibility = 'tenant' or owner_id = (select longhaul.claimed_user_id()))
  );
drop policy if exists tenant_sees_own on longhaul.jobs;
create policy tenant_sees_own on longhaul.jobs for select to longhaul_tenant
  using (
    exists (
      select from longhaul.tenant_roles as bound
      where bound.role_name = current_user and bound.tenant_id = jobs.tenant_id
        and (bound.user_id is null or jobs.visibility = 'tenant' or bound.user_id = jobs.owner_id)
    )
  );
drop policy if exists outsiders_see_steps_of_visible_jobs on longhaul.steps;
create policy outsiders_see_steps_of_visible_jobs on longhaul.steps
  for select to longhaul_claims, longhaul_tenant
  using (
    exists (
      select from longhaul.jobs as job where job.tenant_id = steps.tenant_id and job.id = steps.job_id
    )
  );

-- Views, so that "select *" is what outsiders may see: as a schema of its own PostgREST can show it.
-- A migration that changes the type of such a column has to drop them first.
create schema if not exists longhaul_api;
create or replace view longhaul_api.jobs with (security_invoker = true, security_barrier = true) as
  select ${publicJobColumns} from longhaul.jobs;
create or replace view longhaul_api.steps with (security_invoker = true, security_barrier = true) as
  select ${publicStepColumns} from longhaul.steps;

grant usage on schema longhaul, longhaul_api to longhaul_claims, longhaul_tenant;
grant select on longhaul.tenant_roles to longhaul_tenant;
grant select (${publicJobColumns}) on longhaul.jobs to longhaul_claims, longhaul_tenant;
grant select (${publicStepColumns}) on longhaul.steps to longhaul_claims, longhaul_tenant;
grant select on longhaul_api.jobs, longhaul_api.steps to longhaul_claims, longhaul_tenant;
`

/** For listeners on the same Postgres that are no part of Longhaul. It holds the commits that settle jobs back for one another. */
export const taskStatusScript = (channel: string): string => `
create or replace function longhaul.notify_task_status() returns trigger
language plpgsql as $$
begin
  perform pg_notify('${channel}', json_build_object(
    'task_id', new.id,
    'agent_id', left(new.input ->> 'agentId', 256),
    'status', new.status,
    'contact_id', left(new.input ->> 'contactId', 256),
    'task_type', new.type
  )::text);
  return null;
end
$$;
revoke execute on function longhaul.notify_task_status from public;
drop trigger if exists notify_task_status on longhaul.jobs;
create trigger notify_task_status after update on longhaul.jobs
  for each row
  when (new.status in ('completed', 'failed') and old.status <> new.status)
  execute function longhaul.notify_task_status();
`
