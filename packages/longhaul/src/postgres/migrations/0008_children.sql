-- 0008: jobs that spawn jobs and wait for them.
--
-- A child is a job like any other, with the id of its parent; the parent's step of kind 'child' has
-- the child's id. A child that settles never locks its parent: it leaves a row in
-- `settled_children`, and whoever takes that row locks the parent, and then looks. That a trigger
-- writes the row, and not each statement that can settle a job, is for the hour of a deploy in which
-- processes that do not know of children still finish some.
--
-- Steps of one spawnAll form a group. A parent that waits goes on when all of some group have settled.

insert into longhaul.migrations (number, name) values (8, 'children');

alter table longhaul.steps
  drop constraint steps_kind_known,
  add constraint steps_kind_known check (kind in ('step', 'sleep', 'signal', 'child')),
  add column child_id uuid,
  add column child_group text,
  add constraint steps_have_child_iff_kind check ((kind = 'child') = (child_id is not null)),
  add constraint steps_grouped_iff_child check ((child_id is null) = (child_group is null));

-- Serves lockChildren. No parent changes, so that updates of a child stay heap-only.
create index jobs_of_parent_idx on longhaul.jobs (tenant_id, parent_id) where parent_id is not null;

create table longhaul.settled_children (
  tenant_id text not null,
  parent_id uuid not null
);

create function longhaul.note_settled_child() returns trigger
language plpgsql as $$
begin
  insert into longhaul.settled_children (tenant_id, parent_id) values (new.tenant_id, new.parent_id);
  return null;
end
$$;
create trigger note_settled_child after update on longhaul.jobs
  for each row
  when (new.parent_id is not null and old.finished_at is null and new.finished_at is not null)
  execute function longhaul.note_settled_child();

alter table longhaul.settled_children enable row level security;
alter table longhaul.settled_children force row level security;
create policy engine_sees_all on longhaul.settled_children to longhaul_engine using (true);
grant select, insert, update, delete on longhaul.settled_children to longhaul_engine;
