-- 0017: batches: jobs that are enqueued together with others, their items, and begin when those have settled.
--
-- A batch is a job like any other, which is `waiting` from the start; its items are its children. An
-- item that settles, or is retried, leaves a row in `settled_items`; whoever takes such rows locks
-- the batch and adds them to its counts, so that nobody ever counts the items themselves, but for a
-- retry of the batch. The rows have a table of their own, because a process that does not know of
-- batches deletes those of `settled_children`. Why: docs/adr/0016.

insert into longhaul.migrations (number, name) values (17, 'batches');

alter table longhaul.jobs
  add column item_count integer check (item_count >= 0), -- null: it is no batch
  add column items_completed integer, -- of those that have settled; null: none yet
  add column items_failed integer,
  add column items_cancelled integer,
  add column is_item boolean; -- of the batch that is its parent; null: it is none

-- Serves lockChildren, and findItems in the order of their ids.
drop index longhaul.jobs_of_parent_idx;
create index jobs_of_parent_idx on longhaul.jobs (tenant_id, parent_id, id) where parent_id is not null;

create table longhaul.settled_items (
  tenant_id text not null,
  batch_id  uuid not null,
  status    text not null, -- in which it has settled, or had before it was retried
  change    integer not null check (change in (1, -1))
);

create or replace function longhaul.note_settled_child() returns trigger
language plpgsql as $$
begin
  if new.is_item then
    insert into longhaul.settled_items (tenant_id, batch_id, status, change)
    values (
      new.tenant_id, new.parent_id,
      case when new.finished_at is null then old.status else new.status end,
      case when new.finished_at is null then -1 else 1 end
    );
  elsif new.finished_at is not null then
    insert into longhaul.settled_children (tenant_id, parent_id) values (new.tenant_id, new.parent_id);
  end if;
  return null;
end
$$;
drop trigger note_settled_child on longhaul.jobs;
create trigger note_settled_child after update on longhaul.jobs
  for each row
  when (new.parent_id is not null and (old.finished_at is null) <> (new.finished_at is null))
  execute function longhaul.note_settled_child();

alter table longhaul.settled_items enable row level security;
alter table longhaul.settled_items force row level security;
create policy engine_sees_all on longhaul.settled_items to longhaul_engine using (true);
grant select, insert, update, delete on longhaul.settled_items to longhaul_engine;
