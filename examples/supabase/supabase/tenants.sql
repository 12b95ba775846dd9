-- Which tenant each user belongs to, and the hook that says so in their tokens. Run it once, in the SQL editor or
-- with psql, and then choose the function under Authentication, Hooks, Customize Access Token (JWT) Claims.
-- Without the hook the tenant can stand in raw_app_meta_data of auth.users: tokens have that too.

create table public.members (
  user_id uuid primary key references auth.users (id) on delete cascade,
  tenant_id text not null
);
alter table public.members enable row level security;

-- Nobody but Supabase Auth reads it: with a policy of their own, users would know who else is there.
create policy auth_reads_members on public.members for select to supabase_auth_admin using (true);
grant select on public.members to supabase_auth_admin;

create function public.tenant_in_token(event jsonb) returns jsonb
language sql stable
return jsonb_set(
  event,
  '{claims,app_metadata}',
  -- What users write of themselves is in user_metadata, and counts for nothing.
  coalesce(event #> '{claims,app_metadata}', '{}') || coalesce(
    (
      select jsonb_build_object('tenant_id', tenant_id)
      from public.members
      where user_id = (event ->> 'user_id')::uuid
    ),
    '{}'
  )
);
grant execute on function public.tenant_in_token to supabase_auth_admin;
revoke execute on function public.tenant_in_token from public, anon, authenticated;
