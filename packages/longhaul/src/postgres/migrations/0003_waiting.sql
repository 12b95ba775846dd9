-- 0003: jobs that wait: for a time, or for a signal. A waiting job holds no worker.
--
-- A waiting job is looked at when `promote_at` comes ('infinity': never by itself), and is ready
-- when that is null, as a queued one. A signal that comes while the job is queued or runs sets
-- `woken`: then its next suspension makes it ready at once, so that none is slept through.

insert into longhaul.migrations (number, name) values (3, 'waiting');

alter table longhaul.jobs add column woken boolean not null default false;

alter table longhaul.steps
  add column kind text not null default 'step'
    constraint steps_kind_known check (kind in ('step', 'sleep', 'signal')),
  add column wakes_at timestamptz(3), -- when a sleep, or the wait for a signal, ends
  add column signal_name text
    constraint steps_named_iff_signal check ((kind = 'signal') = (signal_name is not null));

create table longhaul.signals (
  tenant_id       text not null,
  id              uuid not null default gen_random_uuid(),
  job_id          uuid not null,
  name            text not null check (octet_length(name) between 1 and 64),
  payload         jsonb not null,
  sent_by         text not null check (octet_length(sent_by) <= 64),
  idempotency_key text check (octet_length(idempotency_key) between 1 and 255),
  sent_at         timestamptz(3) not null default now(),
  received_at     timestamptz(3),
  primary key (tenant_id, id)
);
create index signals_of_job_idx on longhaul.signals (tenant_id, job_id);
create unique index signals_idempotency_idx on longhaul.signals (tenant_id, job_id, idempotency_key)
  where idempotency_key is not null;

alter table longhaul.signals enable row level security;
alter table longhaul.signals force row level security;
create policy engine_sees_all on longhaul.signals to longhaul_engine using (true);
grant select, insert, update, delete on longhaul.signals to longhaul_engine;
