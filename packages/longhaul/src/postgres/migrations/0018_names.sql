-- 0018: what costs every claim and finish without telling anybody anything new.
--
-- A check of a table is run for every update of a row, also of columns that it does not name; that of
-- a domain, when its column is written. Two regular expressions were a seventh of what Postgres did for
-- a job. Lists of ids do not get smaller by compression, and trying took a twentieth.

insert into longhaul.migrations (number, name) values (18, 'names');

-- Without its check at first: then a column can take the type without the table being written anew.
create domain longhaul.name as text;
alter table longhaul.jobs
  drop constraint jobs_type_check,
  drop constraint jobs_queue_check,
  alter column type type longhaul.name,
  alter column queue type longhaul.name;
alter domain longhaul.name add constraint name_is_plain check (value ~ '^[a-z0-9][a-z0-9._-]{0,63}$');

alter table longhaul.claims
  alter column tenant_ids set storage external,
  alter column job_ids set storage external,
  set (toast_tuple_target = 8160);
alter table longhaul.expiries
  alter column tenant_ids set storage external,
  alter column job_ids set storage external,
  set (toast_tuple_target = 8160);
