-- 0004: one-time tickets, with which a WebSocket says whose it is.
--
-- A browser can send no header with a WebSocket. It asks for a ticket by an ordinary request, which
-- says who is asking, and puts it into the address; a ticket found in a log afterwards is worth nothing.
-- Unlogged: it lives for seconds, and whose ticket a crash has taken asks for another.

insert into longhaul.migrations (number, name) values (4, 'tickets');

create unlogged table longhaul.tickets (
  hash       text primary key, -- SHA-256 of the ticket, so that reading the table lends nobody a name
  principal  jsonb not null,
  expires_at timestamptz(3) not null
);
-- Serves insertTicket, which deletes those that nobody used.
create index tickets_expired_idx on longhaul.tickets (expires_at);

alter table longhaul.tickets enable row level security;
alter table longhaul.tickets force row level security;
create policy engine_sees_all on longhaul.tickets to longhaul_engine using (true);
grant select, insert, update, delete on longhaul.tickets to longhaul_engine;
