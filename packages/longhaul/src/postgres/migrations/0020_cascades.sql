-- 0020: cancelling and retrying what a job has spawned, a piece at a time.
--
-- A batch can have 50,000 items, and a transaction that changes all of them holds their rows for as
-- long as it takes. So the one that cancels or retries a job takes the first few hundred with it, and
-- leaves a row here for the rest; any worker's sweep goes on from there. While a row to cancel is here, none
-- of the children that it has not come to is claimed; while one to retry is here, its job is held back. Why: docs/adr/0020.

insert into longhaul.migrations (number, name) values (20, 'cascades');

create table longhaul.cascades (
  tenant_id    text not null,
  job_id       uuid not null, -- whose children are being cancelled or retried
  action       text not null
    constraint cascades_action_known check (action in ('cancel', 'retry')),
  after_id     uuid, -- the last child that it has come to; null: none yet
  requested_by text check (octet_length(requested_by) <= 64),
  reason       text,
  continued_at timestamptz(3) not null default now(), -- they take turns
  primary key (tenant_id, job_id),
  constraint cascades_requested_iff_cancel check ((action = 'cancel') = (requested_by is not null))
);

alter table longhaul.cascades enable row level security;
alter table longhaul.cascades force row level security;
create policy engine_sees_all on longhaul.cascades to longhaul_engine using (true);
grant select, insert, update, delete on longhaul.cascades to longhaul_engine;
