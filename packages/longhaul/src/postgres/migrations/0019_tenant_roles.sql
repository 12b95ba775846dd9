-- 0019: database roles that are bound to a tenant (docs/guide/row-level-security.md).
--
-- Whoever connects as such a role may write any SQL, so what it sees must not hang on a setting that
-- it could change: the role itself says whose rows they are. The roles, and the policies for them,
-- are made by `longhaul rls`, because most databases need none.

insert into longhaul.migrations (number, name) values (19, 'tenant_roles');

create table longhaul.tenant_roles (
  role_name name primary key,
  tenant_id text not null check (octet_length(tenant_id) between 1 and 64),
  user_id   text check (octet_length(user_id) between 1 and 64) -- null: sees all rows of the tenant
);

alter table longhaul.tenant_roles enable row level security;
alter table longhaul.tenant_roles force row level security;
create policy engine_sees_all on longhaul.tenant_roles to longhaul_engine using (true);
grant select, insert, update, delete on longhaul.tenant_roles to longhaul_engine;
